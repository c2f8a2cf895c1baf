// What Go needs to build and take apart values of classes that it has no type for.
const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function reviveError(parts) {
  const Class = Object.hasOwn(errors, parts.name) ? errors[parts.name] : Error;
  const e = new Class(parts.message === undefined ? "" : parts.message);
  const hidden = (name, value) =>
    Object.defineProperty(e, name, { value, writable: true, configurable: true, enumerable: false });
  for (const [name, value] of Object.entries(parts)) {
    if (name === "stack" || name === "cause") hidden(name, value);
    else if (name === "name") { if (value !== e.name) hidden(name, value); }
    else if (name !== "message") e[name] = value;
  }
  return e;
}

const revivers = {
  Error: reviveError,
  RegExp: (p) => new RegExp(p.source, p.flags),
  BigInt: (p) => BigInt(p.value),
  Map: (p) => new Map(p.entries),
  Set: (p) => new Set(p.values),
};

const timers = new Map();
let lastTimer = 0;

// handleProto makes the opaque objects that stand for req and res recognisable.
const handleProto = Object.create(null, { [Symbol.toStringTag]: { value: "Handle" } });
const isHandle = (v) => v !== null && typeof v === "object" && Object.getPrototypeOf(v) === handleProto;

const core = {
  handleProto, isHandle,

  revive: (cls, parts) => (Object.hasOwn(revivers, cls) ? revivers[cls](parts) : parts),

  takeApart(v) {
    if (v instanceof RegExp) return ["RegExp", { source: v.source, flags: v.flags }];
    if (v instanceof Map) return ["Map", { entries: [...v] }];
    if (v instanceof Set) return ["Set", { values: [...v] }];
    if (v instanceof Boolean) return ["", v.valueOf()];
    if (v instanceof ArrayBuffer) return ["", new Uint8Array(v)];
    if (ArrayBuffer.isView(v) && !(v instanceof DataView)) return ["", Array.from(v, Number)];
    const cls = v.constructor?.name || "Object";
    return [cls, { ...v }];
  },

  buffer: (raw) => new Buffer(raw),

  fire(id, last) {
    const t = timers.get(id);
    if (!t) return;
    if (last) timers.delete(id);
    if (typeof t.f !== "function") throw new TypeError("the callback of a timer must be a function");
    t.f.apply(undefined, t.args);
  },
};

class Timeout {
  constructor(id) { Object.defineProperty(this, "id", { value: id }); }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return true; }
  refresh() { const t = timers.get(this.id); if (t) host("timer.set", this.id, t.ms, t.repeat); return this; }
  [Symbol.toPrimitive]() { return this.id; }
}

function startTimer(f, ms, args, repeat) {
  const id = ++lastTimer;
  timers.set(id, { f, args, ms, repeat });
  host("timer.set", id, Number(ms), repeat);
  return new Timeout(id);
}

function stopTimer(t) {
  const id = t instanceof Timeout ? t.id : Number(t);
  if (timers.delete(id)) host("timer.clear", id);
}

function define(all) {
  for (const [name, value] of Object.entries(all)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

define({
  setTimeout: (f, ms, ...args) => startTimer(f, ms, args, false),
  setInterval: (f, ms, ...args) => startTimer(f, ms, args, true),
  setImmediate: (f, ...args) => startTimer(f, 0, args, false),
  clearTimeout: stopTimer,
  clearInterval: stopTimer,
  clearImmediate: stopTimer,
});
