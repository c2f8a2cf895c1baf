// The files of dist/: each is stored once, compressed if that helps, under a
// name of its own; manifest.json has their paths, types and ETags.
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { gzipSync, constants } from 'node:zlib'
import path from 'node:path'
import { dist } from './paths.mjs'

const mediaTypes = {
  '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.md': 'text/markdown; charset=utf-8', '.png': 'image/png', '.ico': 'image/x-icon',
  '.svg': 'image/svg+xml', '.ts': 'text/plain; charset=utf-8', '.ttf': 'font/ttf', '.txt': 'text/plain; charset=utf-8',
  '.woff': 'font/woff', '.woff2': 'font/woff2', '.gif': 'image/gif', '': 'text/plain; charset=utf-8',
}

// What these hold is compressed already.
const packed = new Set(['.png', '.woff', '.woff2', '.gif'])

// What stays in dist/ when it is built anew.
const kept = new Set(['README.md'])

export class Output {
  #files = new Map()

  // add takes a file: its path as the browser asks for it, and its bytes or text.
  add(name, content) {
    if (this.#files.has(name)) throw new Error(`two files are called ${name}`)
    const ext = path.extname(name)
    if (!(ext in mediaTypes)) throw new Error(`${name}: no media type is known for ${ext}`)
    const data = Buffer.isBuffer(content) ? content : Buffer.from(content)
    const etag = createHash('sha256').update(data).digest('hex').slice(0, 20)
    this.#files.set(name, { data, etag, type: mediaTypes[ext], gzip: !packed.has(ext) && data.length > 200 })
  }

  addJSON(name, value) { this.add(name, JSON.stringify(value)) }

  // version changes whenever any file does; it goes into the addresses of files.
  version() {
    const sum = createHash('sha256')
    for (const [name, f] of [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))) sum.update(`${name} ${f.etag}\n`)
    return sum.digest('hex').slice(0, 12)
  }

  // finish writes everything to dist/ and gives the sums.
  async finish(about) {
    await empty(dist)
    const stored = new Map()
    const files = {}
    let total = 0
    for (const [name, f] of this.#files) {
      files[name] = { etag: f.etag, type: f.type, size: f.data.length, ...(f.gzip && { gzip: true }) }
      if (stored.has(f.etag)) continue // the same content under another name
      const data = f.gzip ? gzipSync(f.data, { level: constants.Z_BEST_COMPRESSION }) : f.data
      stored.set(f.etag, data)
      total += data.length
    }
    await mkdir(path.join(dist, 'files'), { recursive: true })
    for (const [etag, data] of stored) await writeFile(path.join(dist, 'files', etag), data)
    await writeFile(path.join(dist, 'manifest.json'), JSON.stringify({ ...about, version: this.version(), files }))
    return { files: this.#files.size, stored: total }
  }
}

async function empty(dir) {
  await mkdir(dir, { recursive: true })
  for (const name of await readdir(dir)) {
    if (!kept.has(name)) await rm(path.join(dir, name), { recursive: true })
  }
}
