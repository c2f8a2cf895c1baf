// The forms of all node types: GET /nodes in both its shapes, their catalogues
// and icons.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { coreSets } from './core.mjs'
import { ownSets, ownMessages, ownScripts } from './own.mjs'
import { nodesPackage, web } from './paths.mjs'
import { walk } from './tree.mjs'

// All scripts are one file: a strict content policy allows no inline script,
// and one request is quicker than thirty in a row.
const script = 'toban/nodes.js'

// buildNodes gives the names of the types.
export async function buildNodes(out, languages) {
  const sets = [...(await coreSets()), ...(await ownSets())]
  out.addJSON('nodes.json', sets.map((s) => ({
    id: s.id, name: s.name, types: s.types, enabled: true, local: false, user: false, module: s.module, version: s.version,
  })))
  out.add(script, [...(await ownScripts()), ...sets.map((s) => s.script)].join('\n;\n'))
  for (const lang of languages) out.add(`nodes/${lang}.html`, page(sets, lang))
  for (const lang of languages) out.addJSON(`nodes/messages/${lang}.json`, await ownMessages(lang))
  await icons(out)
  return sets.flatMap((s) => s.types).sort()
}

// page is what the editor appends to its document: the script, then every form
// and help text.
function page(sets, lang) {
  const parts = sets.map((s) => s.templates + '\n' + (s.help[lang] ?? s.help['en-US'] ?? ''))
  return `<!-- --- [red-module:toban/all] --- -->\n<script src="${script}"></script>\n${parts.join('\n')}`
}

async function icons(out) {
  const list = {}
  for (const [module, dir] of [['node-red', path.join(nodesPackage, 'icons')], ['toban', path.join(web, 'nodes/icons')]]) {
    list[module] = (await exists(dir)) ? (await walk(dir)).filter((name) => /\.(svg|png)$/.test(name)) : []
    for (const name of list[module]) out.add(`icons/${module}/${name}`, await readFile(path.join(dir, name)))
  }
  out.addJSON('icons.json', list)
}

const exists = (dir) => readdir(dir).then(() => true, () => false)
