// Whose work is served, under which licence: toban/third-party.txt.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { editorPackage, web } from './paths.mjs'

export async function buildNotices(out) {
  const parts = [
    await readFile(path.join(web, 'build/third-party.txt'), 'utf8'),
    await readFile(path.join(editorPackage, 'LICENSE'), 'utf8'),
    await readFile(path.join(editorPackage, 'public/vendor/monaco/dist/ThirdPartyNotices.txt'), 'utf8'),
  ]
  out.add('toban/third-party.txt', parts.join(`\n\n${'='.repeat(76)}\n\n`))
}
