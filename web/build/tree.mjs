// Reading folders.
import { readdir } from 'node:fs/promises'
import path from 'node:path'

// walk lists the files below a folder, with paths relative to it, in order.
export async function walk(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile()).map((e) => path.relative(dir, path.join(e.parentPath ?? e.path, e.name))).sort()
}
