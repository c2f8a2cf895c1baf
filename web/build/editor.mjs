// The editor's own files: which of them are served.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { editorPackage, nodesPackage, web } from './paths.mjs'
import { walk } from './tree.mjs'

// Left out: the unminified copies, the tours, the diagrams in notes (as large as
// all the rest of the editor), the second code editor, another product's marks.
const leftOut = [
  /^red\/(red|main)\.js$/, /^red\/about$/, /^red\/tours\//, /^vendor\/mermaid\//, /^vendor\/ace\//,
  /^red\/images\/node-red/, /FontAwesome\.otf$/, /fontawesome-webfont\.(eot|svg|ttf|woff)$/, /^favicon\.ico$/,
]

export async function copyEditor(out) {
  const root = path.join(editorPackage, 'public')
  for (const name of await walk(root)) {
    if (leftOut.some((pattern) => pattern.test(name))) continue
    out.add(name, await readFile(path.join(root, name)))
  }
  await copyDebugView(out)
  await copyTheme(out)
}

// The debug sidebar's page, for a window of its own.
async function copyDebugView(out) {
  const root = path.join(nodesPackage, 'core/common/lib/debug')
  for (const name of await walk(root)) out.add(`debug/view/${name}`, await readFile(path.join(root, name)))
}

// Our marks and colours. The two marks have the names by which the editor's
// style sheet asks for them.
async function copyTheme(out) {
  const root = path.join(web, 'theme')
  for (const name of await walk(root)) {
    const data = await readFile(path.join(root, name))
    out.add(name === 'about.md' ? 'red/about' : `toban/${name}`, data)
  }
  const mark = await readFile(path.join(root, 'mark.svg'))
  for (const name of ['node-red-256', 'node-red-icon']) out.add(`red/images/${name}.svg`, mark)
}
