// Globals that Node shares with browsers.
class TextEncoder {
  get encoding() { return "utf-8"; }
  encode(text = "") { return new Uint8Array(bytesOf(String(text)).buffer); }
}

class TextDecoder {
  #encoding;
  constructor(label = "utf-8") {
    const known = encodings[String(label).toLowerCase()];
    if (known !== "utf8" && known !== "utf16le" && known !== "latin1") {
      throw new RangeError("The encoding " + label + " isn't supported");
    }
    this.#encoding = known;
  }
  get encoding() { return this.#encoding === "utf8" ? "utf-8" : this.#encoding; }
  decode(v = new Uint8Array()) {
    const bytes = ArrayBuffer.isView(v) ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength) : new Uint8Array(v);
    return host("bytes.text", bytes, this.#encoding).replace(/^\uFEFF/, "");
  }
}

function btoa(text) {
  text = String(text);
  if (/[^\0-\xff]/.test(text)) throw new RangeError("Invalid character: btoa takes characters up to U+00FF only");
  return bytesOf(text, "latin1").toString("base64");
}

function atob(text) {
  text = String(text).replace(/[\t\n\f\r ]/g, "").replace(/==?$/, "");
  if (/[^A-Za-z0-9+/]/.test(text) || text.length % 4 === 1) throw new RangeError("The string to be decoded is not correctly encoded.");
  return bytesOf(text, "base64").toString("latin1");
}

// clone copies v and keeps what lone says can't be copied as it is.
function clone(v, lone, seen = new Map()) {
  if (v === null || typeof v !== "object") return typeof v === "function" || typeof v === "symbol" ? lone(v) : v;
  if (seen.has(v)) return seen.get(v);
  const keep = (copy) => { seen.set(v, copy); return copy; };
  if (Array.isArray(v)) {
    const copy = keep(new Array(v.length));
    for (const i of Object.keys(v)) copy[i] = clone(v[i], lone, seen);
    return copy;
  }
  if (v instanceof Date) return keep(new Date(v.getTime()));
  if (v instanceof RegExp) return keep(new RegExp(v.source, v.flags));
  if (v instanceof Buffer) return keep(Buffer.from(v));
  if (v instanceof ArrayBuffer) return keep(v.slice(0));
  if (ArrayBuffer.isView(v)) return keep(new v.constructor(v));
  if (v instanceof Map) {
    const copy = keep(new Map());
    for (const [k, item] of v) copy.set(clone(k, lone, seen), clone(item, lone, seen));
    return copy;
  }
  if (v instanceof Set) {
    const copy = keep(new Set());
    for (const item of v) copy.add(clone(item, lone, seen));
    return copy;
  }
  if (v instanceof Promise || v instanceof WeakMap || isHandle(v)) return lone(v);
  if (v instanceof Error) {
    const copy = keep(reviveError({ name: v.name, message: v.message, stack: v.stack }));
    for (const k of Object.keys(v)) copy[k] = clone(v[k], lone, seen);
    return copy;
  }
  const copy = keep(Object.create(Object.getPrototypeOf(v)));
  for (const k of Object.keys(v)) copy[k] = clone(v[k], lone, seen);
  return copy;
}

function structuredClone(v) {
  return clone(v, (x) => {
    if (isHandle(x)) return x;
    throw new TypeError(String(x) + " could not be cloned.");
  });
}

function show(v, depth = 0) {
  if (typeof v === "string") return depth ? JSON.stringify(v) : v;
  if (typeof v === "function") return "[Function: " + (v.name || "anonymous") + "]";
  if (v === null || typeof v !== "object") return Object.is(v, -0) ? "-0" : typeof v === "bigint" ? v + "n" : String(v);
  if (v instanceof Error) return depth ? String(v) : String(v) + "\n" + (v.stack || "");
  if (v instanceof Date) return isNaN(v) ? "Invalid Date" : v.toISOString();
  if (v instanceof RegExp) return String(v);
  if (v instanceof Buffer) return "<Buffer " + v.subarray(0, 50).toString("hex").replace(/..(?!$)/g, "$& ") + (v.length > 50 ? " …" : "") + ">";
  if (depth > 2) return Array.isArray(v) ? "[Array]" : "[Object]";
  if (Array.isArray(v)) return v.length ? "[ " + v.slice(0, 100).map((x) => show(x, depth + 1)).join(", ") + " ]" : "[]";
  if (v instanceof Map) return "Map(" + v.size + ") " + show(Object.fromEntries(v), depth);
  if (v instanceof Set) return "Set(" + v.size + ") " + show([...v], depth);
  const parts = Object.keys(v).slice(0, 100).map((k) => (/^[A-Za-z_$][\w$]*$/.test(k) ? k : JSON.stringify(k)) + ": " + show(v[k], depth + 1));
  return parts.length ? "{ " + parts.join(", ") + " }" : "{}";
}

function format(...args) {
  if (typeof args[0] !== "string") return args.map((a) => show(a)).join(" ");
  let i = 1;
  const text = args[0].replace(/%[sdifjoOc%]/g, (spec) => {
    if (spec === "%%") return "%";
    if (i >= args.length) return spec;
    const v = args[i++];
    switch (spec) {
      case "%s": return typeof v === "object" && v !== null ? show(v, 1) : String(v);
      case "%d": return String(Number(v));
      case "%i": return String(parseInt(v));
      case "%f": return String(parseFloat(v));
      case "%j": return JSON.stringify(v);
      case "%c": return "";
      default: return show(v, 1);
    }
  });
  return [text, ...args.slice(i).map((a) => show(a))].join(" ");
}

const say = (level) => (...args) => host("console", level, format(...args));
const console = {
  log: say("log"), info: say("log"), debug: say("debug"), trace: say("debug"), warn: say("warn"), error: say("error"),
  dir: (v) => host("console", "log", show(v)), table: (v) => host("console", "log", show(v)),
  assert: (ok, ...args) => { if (!ok) console.error("Assertion failed", ...args); },
};

define({
  TextEncoder, TextDecoder, btoa, atob, structuredClone, console,
  queueMicrotask: (f) => { Promise.resolve().then(f); },
});
Object.assign(core, { clone, format, show });
