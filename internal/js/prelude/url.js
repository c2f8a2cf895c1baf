// URL and URLSearchParams for http, https and other schemes with an authority.
const encodeForm = (s) =>
  encodeURIComponent(toWellFormed(String(s))).replace(/%20/g, "+").replace(/[!'()~]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
const decodeForm = (s) => host("bytes.text", host("bytes.from", unescapeBytes(s.replace(/\+/g, " ")), "latin1"), "utf8");
const toWellFormed = (s) => s.toWellFormed();

// unescapeBytes gives the bytes of s as characters U+0000 to U+00FF.
function unescapeBytes(s) {
  return bytesOf(s).toString("latin1").replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

class URLSearchParams {
  #list = [];
  #changed;
  constructor(init = "", changed) {
    if (typeof changed === "function") this.#changed = changed;
    if (init && typeof init === "object") {
      const pairs = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
      for (const [k, v] of pairs) this.#list.push([String(k), String(v)]);
      return;
    }
    for (const part of String(init).replace(/^\?/, "").split("&")) {
      if (part === "") continue;
      const i = part.indexOf("=");
      this.#list.push(i < 0 ? [decodeForm(part), ""] : [decodeForm(part.slice(0, i)), decodeForm(part.slice(i + 1))]);
    }
  }
  #touch() { this.#changed?.(this.toString()); }
  get size() { return this.#list.length; }
  append(k, v) { this.#list.push([String(k), String(v)]); this.#touch(); }
  delete(k, v) { this.#list = this.#list.filter((p) => p[0] !== String(k) || (v !== undefined && p[1] !== String(v))); this.#touch(); }
  get(k) { return this.#list.find((p) => p[0] === String(k))?.[1] ?? null; }
  getAll(k) { return this.#list.filter((p) => p[0] === String(k)).map((p) => p[1]); }
  has(k, v) { return this.#list.some((p) => p[0] === String(k) && (v === undefined || p[1] === String(v))); }
  set(k, v) {
    const i = this.#list.findIndex((p) => p[0] === String(k));
    if (i < 0) return this.append(k, v);
    this.#list = this.#list.filter((p, n) => n <= i || p[0] !== String(k));
    this.#list[i] = [String(k), String(v)];
    this.#touch();
  }
  sort() { this.#list.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); this.#touch(); }
  forEach(f, self) { for (const [k, v] of [...this.#list]) f.call(self, v, k, this); }
  keys() { return this.#list.map((p) => p[0])[Symbol.iterator](); }
  values() { return this.#list.map((p) => p[1])[Symbol.iterator](); }
  entries() { return this.#list.map((p) => [...p])[Symbol.iterator](); }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return this.#list.map(([k, v]) => encodeForm(k) + "=" + encodeForm(v)).join("&"); }
}

const defaultPorts = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21" };
const shape = /^([A-Za-z][A-Za-z0-9+.-]*:)(?:\/\/(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/s;
const escapePart = (s, unsafe) => s.replace(unsafe, (c) => encodeURIComponent(toWellFormed(c)));

function cleanPath(path) {
  const out = [];
  const parts = path.split("/");
  parts.forEach((p, i) => {
    const last = i === parts.length - 1;
    if (p === "..") { if (out.length > 1) out.pop(); if (last) out.push(""); }
    else if (p === ".") { if (last) out.push(""); }
    else out.push(p);
  });
  return out.join("/");
}

class URL {
  #p = {};
  #params;
  constructor(text, base) {
    text = String(text).trim();
    let m = shape.exec(text);
    if (!m && base !== undefined) m = shape.exec(resolve(text, new URL(base)));
    if (!m) throw invalidURL(text);
    const special = m[1].toLowerCase() in defaultPorts;
    if (special && !m[3] || Number(m[4] || 0) > 65535) throw invalidURL(text);
    const [user, ...password] = (m[2] ?? "").split(":");
    const protocol = m[1].toLowerCase();
    const path = escapePart(m[5], /[^\x21\x23-\x3b\x3d\x40-\x5f\x61-\x7a\x7c\x7e]/gu);
    this.#p = {
      protocol, authority: m[3] !== undefined, username: user, password: password.join(":"),
      hostname: special ? (m[3] ?? "").toLowerCase() : m[3] ?? "",
      port: m[4] === defaultPorts[protocol] ? "" : m[4] ?? "",
      pathname: special ? cleanPath(path || "/") : path,
      search: m[6] && m[6] !== "?" ? escapePart(m[6], /[^\x21\x23-\x26\x28-\x3b\x3d\x3f-\x7e]/gu) : "",
      hash: m[7] && m[7] !== "#" ? escapePart(m[7], /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu) : "",
    };
    this.#params = new URLSearchParams(this.#p.search, (s) => { this.#p.search = s && "?" + s; });
  }
  static canParse(text, base) { try { new URL(text, base); return true; } catch { return false; } }
  get protocol() { return this.#p.protocol; }
  get username() { return this.#p.username; }
  get password() { return this.#p.password; }
  get hostname() { return this.#p.hostname; }
  get port() { return this.#p.port; }
  get host() { return this.#p.hostname + (this.#p.port && ":" + this.#p.port); }
  get origin() { return this.#p.protocol in defaultPorts ? this.#p.protocol + "//" + this.host : "null"; }
  get pathname() { return this.#p.pathname; }
  get search() { return this.#p.search; }
  get hash() { return this.#p.hash; }
  get searchParams() { return this.#params; }
  get href() {
    const p = this.#p;
    const login = p.username || p.password ? p.username + (p.password && ":" + p.password) + "@" : "";
    return p.protocol + (p.authority ? "//" + login + this.host : "") + p.pathname + p.search + p.hash;
  }
  set href(v) { this.#become(v); }
  set protocol(v) { this.#become(this.href.replace(/^[^:]*:/, String(v).replace(/:?$/, ":"))); }
  set hostname(v) { this.#p.hostname = String(v).toLowerCase(); }
  set host(v) { const [h, port = ""] = String(v).split(":"); this.#p.hostname = h; this.#p.port = port; }
  set port(v) { v = String(v); this.#p.port = v === defaultPorts[this.#p.protocol] ? "" : v; }
  set pathname(v) { this.#p.pathname = new URL("http://x/" + String(v).replace(/^\//, "").replace(/[?#]/g, encodeURIComponent)).pathname; }
  set search(v) { v = String(v).replace(/^\??/, "?"); this.#become(this.href.replace(/(\?[^#]*)?(#.*)?$/s, (_, q, h) => v + (h ?? ""))); }
  set hash(v) { this.#p.hash = new URL("http://x/" + String(v).replace(/^#?/, "#")).hash; }
  #become(text) { const u = new URL(text); this.#p = u.#p; this.#params = u.#params; }
  toString() { return this.href; }
  toJSON() { return this.href; }
}

function resolve(text, base) {
  if (text.startsWith("//")) return base.protocol + text;
  const root = base.href.slice(0, base.href.length - (base.pathname + base.search + base.hash).length);
  if (text.startsWith("/")) return root + text;
  if (text.startsWith("?")) return root + base.pathname + text;
  if (text.startsWith("#") || text === "") return root + base.pathname + base.search + text;
  return root + base.pathname.replace(/[^/]*$/, "") + text;
}

function invalidURL(input) {
  return Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input });
}

define({ URL, URLSearchParams });
