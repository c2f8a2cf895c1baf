// The globals of a function node, and the node object that each message gets.
const checkCallback = (cb) => {
  if (cb !== undefined && typeof cb !== "function") throw new Error("Callback must be a function");
};

// answer gives value to the callback, or back.
function answer(cb, ask, spread) {
  if (!cb) return ask();
  let value;
  try { value = ask(); } catch (e) { cb(e); return; }
  if (spread) cb(null, ...value);
  else cb(null, value);
}

function contextOf(scope) {
  return {
    get(key, store, cb) {
      if (typeof store === "function") [store, cb] = [undefined, store];
      checkCallback(cb);
      return answer(cb, () => host("ctx.get", scope, store, key), Array.isArray(key));
    },
    set(key, value, store, cb) {
      if (typeof store === "function") [store, cb] = [undefined, store];
      checkCallback(cb);
      return answer(cb, () => host("ctx.set", scope, store, key, value));
    },
    keys(store, cb) {
      if (typeof store === "function") [store, cb] = [undefined, store];
      checkCallback(cb);
      return answer(cb, () => host("ctx.keys", scope, store));
    },
  };
}

const flowContext = contextOf("flow");
const globalContext = contextOf("global");
const nodeContext = contextOf("node");
Object.defineProperty(nodeContext, "flow", { get: () => flowContext });
Object.defineProperty(nodeContext, "global", { get: () => globalContext });

Object.assign(globalThis, {
  context: nodeContext, flow: flowContext, global: globalContext,
  env: { get: (name) => host("env", name) },
  RED: { util: redUtil }, util: modules.util(), promisify: modules.util().promisify,
});
for (const [name, module] of Object.entries(info.libs)) globalThis[name] = modules[module]();

const listeners = [];
function on(event, f) {
  if (event === "input") throw new Error(host("text", "function.error.inputListener"));
  if (event === "close" && typeof f === "function") listeners.push(f);
}

const log = (level) => (what) => { host("log", level, what); };
const common = {
  id: info.id, name: info.name, path: info.path, outputCount: info.outputCount,
  log: log(40), warn: log(30), debug: log(50), trace: log(60), on,
  status: (what) => { host("status", what); },
};

const promises = new Map();
let lastPromise = 0;

async function linkcall(call, target, msg, options = {}) {
  if (typeof target !== "string" || target.trim() === "") throw new Error(host("text", "function.error.linkcallTargetInvalid"));
  if (typeof msg !== "object" || msg === null) throw new Error(host("text", "function.error.linkcallMsgInvalid"));
  const id = ++lastPromise;
  const back = new Promise((resolve, reject) => promises.set(id, { resolve, reject }));
  try {
    host("linkcall", call, id, target, msg, options.timeout || 5000);
  } catch (e) {
    promises.delete(id);
    throw e;
  }
  const reply = await back;
  if (options.clone !== false) return reply;
  for (const name of Object.keys(msg)) if (!(name in reply)) delete msg[name];
  return Object.assign(msg, reply);
}

const entry = {
  makeNode: (call) => ({
    ...common,
    send: (msgs, clone) => {
      if (call < 0) common.error(host("text", "function.send_from_close"));
      else host("send", call, msgs, clone);
    },
    error: (what, msg) => { host("error", call, what, msg); },
    done: () => { host("done", call); },
    linkcall: (target, msg, options) => linkcall(call, target, msg, options),
  }),

  // watch reports when the promise of a call settles.
  watch(promise, call) {
    promise.then((v) => { host("settled", call, false, v); }, (e) => { host("settled", call, true, e); });
  },

  // settle ends the promise of a linkcall.
  settle(id, failed, value) {
    const p = promises.get(id);
    promises.delete(id);
    if (failed) p?.reject(value);
    else p?.resolve(value);
  },

  close(removed) {
    for (const f of listeners) {
      try {
        if (f.length >= 2) f(removed === 1, () => {});
        else f(f.length === 1 ? () => {} : undefined);
      } catch (e) {
        host("error", -1, e);
      }
    }
  },
};
common.error = (what, msg) => { host("error", -1, what, msg); };
