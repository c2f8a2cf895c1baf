// The parts of Node's modules that flows use.
function promisify(f) {
  if (f === setTimeout) return (ms, v) => new Promise((resolve) => setTimeout(resolve, ms, v));
  return (...args) => new Promise((resolve, reject) => f(...args, (err, v) => (err ? reject(err) : resolve(v))));
}

const joinPath = (...parts) => normalizePath(parts.filter((p) => p !== "").join("/"));
function normalizePath(path) {
  if (path === "") return ".";
  const root = path.startsWith("/") ? "/" : "";
  const out = [];
  for (const p of path.split("/")) {
    if (p === "" || p === ".") continue;
    if (p === ".." && out.length && out.at(-1) !== "..") out.pop();
    else if (p !== ".." || !root) out.push(p);
  }
  return root + out.join("/") + (path.endsWith("/") && out.length ? "/" : "") || root || ".";
}
function basename(path, suffix = "") {
  const name = path.replace(/\/+$/, "").replace(/^.*\//s, "");
  return suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
function dirname(path) {
  const m = /^(.*?)\/+[^/]*\/*$/s.exec(path);
  return m ? m[1] || "/" : ".";
}
const extname = (path) => /[^/.](\.[^./]*)$/.exec(basename(path))?.[1] ?? "";

function digester(algorithm, key) {
  const parts = [];
  return {
    update(data, enc) { parts.push(Buffer.from(data, enc)); return this; },
    digest(enc) {
      const b = host("hash", algorithm.toLowerCase(), Buffer.concat(parts), key);
      return enc ? b.toString(enc) : b;
    },
  };
}

function uuid() {
  const b = host("random", 16);
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  return b.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const modules = {
  buffer: () => ({ Buffer, atob, btoa }),
  crypto: () => ({
    createHash: (name) => digester(name), createHmac: (name, key) => digester(name, Buffer.from(key)),
    randomBytes: (n) => host("random", n), randomUUID: uuid,
    randomInt: (a, b) => (b === undefined ? Math.floor(Math.random() * a) : a + Math.floor(Math.random() * (b - a))),
    timingSafeEqual: (a, b) => Buffer.compare(a, b) === 0,
  }),
  os: () => ({
    EOL: "\n", type: () => ({ linux: "Linux", darwin: "Darwin", windows: "Windows_NT" })[info.os.platform] ?? info.os.platform,
    platform: () => (info.os.platform === "windows" ? "win32" : info.os.platform),
    arch: () => (info.os.arch === "amd64" ? "x64" : info.os.arch),
    hostname: () => host("os", "hostname"), tmpdir: () => host("os", "tmpdir"), homedir: () => host("os", "homedir"),
  }),
  path: () => ({
    sep: "/", delimiter: ":", join: joinPath, normalize: normalizePath, basename, dirname, extname,
    isAbsolute: (p) => p.startsWith("/"),
    resolve: (...parts) => normalizePath(parts.reduce((at, p) => (p.startsWith("/") ? p : at + "/" + p), "")).replace(/(.)\/$/, "$1"),
  }),
  querystring: () => ({
    parse: (s) => {
      const out = {};
      for (const [k, v] of new URLSearchParams(s)) out[k] = k in out ? [].concat(out[k], v) : v;
      return out;
    },
    stringify: (o) => Object.entries(o).flatMap(([k, v]) => [].concat(v).map((x) => encodeURIComponent(k) + "=" + encodeURIComponent(x))).join("&"),
    escape: encodeURIComponent, unescape: decodeURIComponent,
  }),
  timers: () => ({ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate }),
  url: () => ({ URL, URLSearchParams, parse: (s) => new URL(s) }),
  util: () => ({
    format: core.format, inspect: (v) => core.show(v, 0), promisify,
    isArray: Array.isArray, isDeepStrictEqual: redUtil.compareObjects,
    types: { isDate: (v) => v instanceof Date, isRegExp: (v) => v instanceof RegExp, isPromise: (v) => v instanceof Promise },
    TextEncoder, TextDecoder,
  }),
};
