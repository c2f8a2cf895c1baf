// RED.util: what flows use of it.
function invalid(expr) {
  return Object.assign(new Error("Invalid property expression: " + expr), { code: "INVALID_EXPR" });
}

// pathOf splits a.b[0]["c d"][msg.e] into its names; a nested expression is
// looked up in msg.
function pathOf(expr, msg) {
  if (Array.isArray(expr)) return expr;
  expr = String(expr);
  const parts = [];
  const name = /[^.[\]"'\s]+/y;
  let i = 0;
  const word = () => {
    name.lastIndex = i;
    const m = name.exec(expr);
    if (!m) throw invalid(expr);
    i = name.lastIndex;
    return m[0];
  };
  const bracket = () => {
    const quoted = /\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]/y;
    const index = /\[(\d+)\]/y;
    quoted.lastIndex = index.lastIndex = i;
    let m = index.exec(expr);
    if (m) { i = index.lastIndex; return Number(m[1]); }
    m = quoted.exec(expr);
    if (m) { i = quoted.lastIndex; return (m[1] ?? m[2]).replace(/\\(.)/g, "$1"); }
    const end = closing(expr, i);
    const inner = expr.slice(i + 1, end);
    if (!/^msg[.[]/.test(inner)) throw invalid(expr);
    i = end + 1;
    return msg === undefined ? pathOf(inner) : getMessageProperty(msg, inner);
  };
  if (expr === "") throw invalid(expr);
  parts.push(expr[0] === "[" ? bracket() : word());
  while (i < expr.length) {
    if (expr[i] === ".") { i++; parts.push(word()); }
    else if (expr[i] === "[") parts.push(bracket());
    else throw invalid(expr);
  }
  return parts;
}

function closing(expr, from) {
  let depth = 0;
  for (let i = from; i < expr.length; i++) {
    if (expr[i] === "[") depth++;
    if (expr[i] === "]" && --depth === 0) return i;
  }
  throw invalid(expr);
}

function getObjectProperty(of, expr) {
  let v = of;
  for (const name of pathOf(expr, of)) v = v[name];
  return v;
}

function setObjectProperty(of, expr, value, createMissing = typeof value !== "undefined") {
  const parts = pathOf(expr, of);
  const last = parts.pop();
  let at = of;
  parts.forEach((name, i) => {
    if (at === undefined || at === null) return;
    const missing = !Object.hasOwn(at, name) || at[name] === null || typeof at[name] !== "object";
    if (missing && Object.hasOwn(at, name) && at[name] !== null && at[name] !== undefined) { at = null; return; }
    if (missing) at = createMissing ? (at[name] = typeof (parts[i + 1] ?? last) === "number" ? [] : {}) : undefined;
    else at = at[name];
  });
  if (at === undefined || at === null) return false;
  if (value !== undefined) at[last] = value;
  else if (Array.isArray(at)) at.splice(parseInt(last), 1);
  else delete at[last];
  return true;
}

const withoutMsg = (expr) => (typeof expr === "string" && expr.startsWith("msg.") ? expr.slice(4) : expr);
const getMessageProperty = (msg, expr) => getObjectProperty(msg, withoutMsg(expr));
const setMessageProperty = (msg, expr, value, create) => setObjectProperty(msg, withoutMsg(expr), value, create);

function compareObjects(a, b) {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Buffer.isBuffer(a)) return Buffer.isBuffer(b) && a.equals(b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && compareObjects(a[k], b[k]));
}

function ensureString(v) {
  if (Buffer.isBuffer(v)) return v.toString();
  if (typeof v === "object") return JSON.stringify(v);
  return typeof v === "string" ? v : "" + v;
}

function ensureBuffer(v) {
  if (Buffer.isBuffer(v)) return v;
  return Buffer.from(typeof v === "object" ? JSON.stringify(v) : "" + v);
}

function parseContextStore(key) {
  const m = /^#:\((\S+?)\)::(.*)$/.exec(key);
  return m ? { store: m[1], key: m[2] } : { key, store: undefined };
}

function typedValue(value, type, msg) {
  switch (type) {
    case "str": return "" + value;
    case "num": return Number(value);
    case "json": return JSON.parse(value);
    case "re": return new RegExp(value);
    case "date": return value === "object" ? new Date() : value === "iso" ? new Date().toISOString() : Date.now();
    case "bin": { const v = JSON.parse(value); return typeof v === "string" ? Buffer.from(v) : Buffer.from(v); }
    case "msg": return msg ? getMessageProperty(msg, value) : undefined;
    case "flow": case "global": {
      const { key, store } = parseContextStore(value);
      return (type === "flow" ? flowContext : globalContext).get(key, store);
    }
    case "bool": return /^true$/i.test(value);
    case "env": {
      const whole = /^\${([^}]+)}$/.exec(value);
      if (whole) return host("env", whole[1]);
      if (!/\${\S+}/.test(value)) return host("env", value);
      return value.replace(/\${([^}]+)}/g, (_, name) => host("env", name) ?? "");
    }
    case "jsonata": throw new Error("JSONata can't be evaluated inside a function; use a change node");
    default: return value;
  }
}

const redUtil = {
  cloneMessage(msg) {
    return core.clone(msg, (v) => v);
  },
  generateId: () => host("id"),
  getObjectProperty, setObjectProperty, getMessageProperty, setMessageProperty,
  compareObjects, ensureString, ensureBuffer, parseContextStore,
  normalisePropertyExpression(expr, msg, toString) {
    const parts = pathOf(expr, msg);
    if (!toString) return parts;
    return parts.reduce((s, p) => s + (typeof p === "number" ? "[" + p + "]" : s === "" ? p : /^[A-Za-z_$][\w$]*$/.test(p) ? "." + p : "[" + JSON.stringify(p) + "]"), "");
  },
  normaliseNodeTypeName: (name) =>
    name.replace(/[^a-zA-Z0-9]/g, " ").trim().replace(/ +(.)/g, (_, c) => c.toUpperCase()).replace(/^./, (c) => c.toLowerCase()),
  evaluateNodeProperty(value, type, node, msg, cb) {
    if (typeof cb !== "function") return typedValue(value, type, msg);
    let v;
    try { v = typedValue(value, type, msg); } catch (e) { cb(e); return; }
    cb(null, v);
  },
  getSetting: () => undefined,
};
