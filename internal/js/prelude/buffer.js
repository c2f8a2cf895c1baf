// Node's Buffer: bytes with encodings, on top of Uint8Array.
const encodings = {
  utf8: "utf8", "utf-8": "utf8", hex: "hex", base64: "base64", base64url: "base64url",
  latin1: "latin1", binary: "latin1", ascii: "ascii",
  ucs2: "utf16le", "ucs-2": "utf16le", utf16le: "utf16le", "utf-16le": "utf16le",
};

function encodingOf(name) {
  if (name === undefined || name === null) return "utf8";
  const known = encodings[String(name).toLowerCase()];
  if (!known) throw new TypeError("Unknown encoding: " + name);
  return known;
}

const bytesOf = (v, enc) => (typeof v === "string" ? host("bytes.from", v, encodingOf(enc)) : Buffer.from(v));

class Buffer extends Uint8Array {
  constructor(v, offset, length) {
    if (typeof v === "string") super(host("bytes.from", v, encodingOf(offset)).buffer);
    else super(v, offset, length);
  }

  static from(v, a, b) {
    if (typeof v === "string") return host("bytes.from", v, encodingOf(a));
    if (v instanceof ArrayBuffer) return new Buffer(v, a, b);
    if (v?.type === "Buffer" && Array.isArray(v.data)) return new Buffer(v.data);
    if (v !== null && typeof v === "object") {
      const inner = v.valueOf?.();
      if (inner !== v && inner !== undefined && inner !== null) return Buffer.from(inner, a, b);
      return new Buffer(Array.from(v));
    }
    throw new TypeError("Buffer.from wants a string, Buffer, ArrayBuffer or array, not " + typeof v);
  }
  static of(...items) { return new Buffer(items); }
  static alloc(n, fill, enc) {
    const b = new Buffer(n);
    return fill === undefined || fill === 0 ? b : b.fill(fill, enc);
  }
  static allocUnsafe(n) { return new Buffer(n); }
  static allocUnsafeSlow(n) { return new Buffer(n); }
  static isBuffer(v) { return v instanceof Buffer; }
  static isEncoding(name) { return typeof name === "string" && name.toLowerCase() in encodings; }
  static byteLength(v, enc) { return typeof v === "string" ? bytesOf(v, enc).length : v.byteLength; }
  static compare(a, b) {
    const n = Math.min(a.length, b.length);
    for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  }
  static concat(list, total = list.reduce((n, b) => n + b.length, 0)) {
    const out = new Buffer(total);
    let at = 0;
    for (const b of list) {
      if (at >= total) break;
      out.set(b.subarray(0, total - at), at);
      at += b.length;
    }
    return out;
  }

  toString(enc, start = 0, end = this.length) {
    const part = start === 0 && end >= this.length ? this : this.subarray(Math.max(start, 0), end);
    return host("bytes.text", part, encodingOf(enc));
  }
  toLocaleString(enc) { return this.toString(enc); }
  toJSON() { return { type: "Buffer", data: Array.from(this) }; }
  slice(start, end) { return this.subarray(start, end); }
  equals(b) { return Buffer.compare(this, b) === 0; }
  compare(b, bs, be, s, e) { return Buffer.compare(this.subarray(s, e), b.subarray(bs, be)); }
  copy(to, at = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + Math.max(to.length - at, 0)));
    to.set(part, at);
    return part.length;
  }
  write(text, at = 0, length, enc) {
    if (typeof at === "string") [at, length, enc] = [0, undefined, at];
    if (typeof length === "string") [length, enc] = [undefined, length];
    const bytes = bytesOf(String(text), enc);
    return bytes.copy(this, at, 0, Math.min(bytes.length, length ?? bytes.length));
  }
  fill(v, start, end, enc) {
    if (typeof v !== "string" && !(v instanceof Uint8Array)) return super.fill(Number(v) & 255, start, end);
    if (typeof start === "string") [start, enc] = [0, start];
    const bytes = bytesOf(v, enc);
    if (!bytes.length) return super.fill(0, start, end);
    for (let i = start ?? 0, n = end ?? this.length, k = 0; i < n; i++, k++) this[i] = bytes[k % bytes.length];
    return this;
  }
  indexOf(v, from = 0, enc) {
    if (typeof v === "number") return super.indexOf(v & 255, from);
    const want = bytesOf(v, enc);
    if (from < 0) from = Math.max(this.length + from, 0);
    for (let i = from; i + want.length <= this.length; i++) {
      let k = 0;
      while (k < want.length && this[i + k] === want[k]) k++;
      if (k === want.length) return i;
    }
    return -1;
  }
  lastIndexOf(v, from = this.length, enc) {
    if (typeof v === "number") return super.lastIndexOf(v & 255, from);
    const want = bytesOf(v, enc);
    for (let i = Math.min(from, this.length - want.length); i >= 0; i--) {
      if (this.subarray(i, i + want.length).equals(want)) return i;
    }
    return -1;
  }
  includes(v, from, enc) { return this.indexOf(v, from, enc) !== -1; }
  swap16() { return swap(this, 2); }
  swap32() { return swap(this, 4); }
  swap64() { return swap(this, 8); }
  readUIntBE(at, n) { let v = 0; for (let i = 0; i < n; i++) v = v * 256 + byteAt(this, at + i); return v; }
  readUIntLE(at, n) { let v = 0; for (let i = n; i--;) v = v * 256 + byteAt(this, at + i); return v; }
  readIntBE(at, n) { const v = this.readUIntBE(at, n); return v < 2 ** (8 * n - 1) ? v : v - 2 ** (8 * n); }
  readIntLE(at, n) { const v = this.readUIntLE(at, n); return v < 2 ** (8 * n - 1) ? v : v - 2 ** (8 * n); }
  writeUIntBE(v, at, n) { for (let i = n; i--; v = Math.floor(v / 256)) this[at + i] = v; return at + n; }
  writeUIntLE(v, at, n) { for (let i = 0; i < n; i++, v = Math.floor(v / 256)) this[at + i] = v; return at + n; }
  writeIntBE(v, at, n) { return this.writeUIntBE(v, at, n); }
  writeIntLE(v, at, n) { return this.writeUIntLE(v, at, n); }
  get parent() { return this.buffer; }
}

function byteAt(b, i) {
  if (!(i >= 0 && i < b.length)) throw new RangeError("The offset " + i + " is outside of the buffer");
  return b[i];
}

function swap(b, n) {
  if (b.length % n) throw new RangeError("Buffer size must be a multiple of " + 8 * n + "-bits");
  for (let i = 0; i < b.length; i += n) b.subarray(i, i + n).reverse();
  return b;
}

// readInt16LE … and their write counterparts are DataView's, under Node's names.
for (const [node, view, size] of [
  ["UInt8", "Uint8", 1], ["Int8", "Int8", 1], ["UInt16", "Uint16", 2], ["Int16", "Int16", 2],
  ["UInt32", "Uint32", 4], ["Int32", "Int32", 4], ["Float", "Float32", 4], ["Double", "Float64", 8],
  ["BigInt64", "BigInt64", 8], ["BigUInt64", "BigUint64", 8],
]) {
  for (const order of size === 1 ? [""] : ["LE", "BE"]) {
    const little = order === "LE";
    const methods = {
      ["read" + node + order](at = 0) {
        return new DataView(this.buffer, this.byteOffset, this.length)["get" + view](at, little);
      },
      ["write" + node + order](v, at = 0) {
        new DataView(this.buffer, this.byteOffset, this.length)["set" + view](at, v, little);
        return at + size;
      },
    };
    for (const [name, f] of Object.entries(methods)) {
      const property = { value: f, writable: true, configurable: true };
      Object.defineProperty(Buffer.prototype, name, property);
      if (node.includes("UInt")) Object.defineProperty(Buffer.prototype, name.replace("UInt", "Uint"), property);
    }
  }
}

define({ Buffer });
