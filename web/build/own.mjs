// The forms of our own node types: a folder of nodes/ each.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { typesOf } from './form.mjs'
import { web } from './paths.mjs'
import { readScript } from './script.mjs'
import { walk } from './tree.mjs'

const root = path.join(web, 'nodes')
const notTypes = new Set(['common', 'icons'])
const languages = ['en-US', 'ja']

async function folders() {
  const entries = await readdir(root, { withFileTypes: true })
  return entries.filter((e) => e.isDirectory() && !notTypes.has(e.name)).map((e) => e.name).sort()
}

export async function ownSets() {
  const { version } = JSON.parse(await readFile(path.join(web, 'package.json'), 'utf8'))
  return Promise.all((await folders()).map((name) => ownSet(name, version)))
}

async function ownSet(name, version) {
  const read = (file) => readFile(path.join(root, name, file), 'utf8')
  const script = await readScript(path.join(root, name, 'form.js'))
  const types = typesOf(script)
  if (types.length !== 1) throw new Error(`nodes/${name}: a folder is one type`)
  const help = {}
  for (const lang of languages) {
    help[lang] = `<script type="text/html" data-help-name="${types[0]}">${await read(`help.${lang}.html`)}</script>`
  }
  return {
    id: `toban/${name}`, name, module: 'toban', version, types, script, help,
    templates: `<script type="text/html" data-template-name="${types[0]}">${await read('form.html')}</script>`,
  }
}

// ownScripts are what the forms share.
export async function ownScripts() {
  const dir = path.join(root, 'common')
  const names = (await walk(dir).catch(() => [])).filter((name) => name.endsWith('.js'))
  return Promise.all(names.map((name) => readScript(path.join(dir, name))))
}

// ownMessages gives the catalogues of one language by namespace: the set's own
// texts, what the forms share, and the palette's heading.
export async function ownMessages(lang) {
  if (!languages.includes(lang)) return {}
  const read = async (file) => JSON.parse(await readFile(path.join(root, file), 'utf8').catch(() => '{}'))
  const shared = await read(`common/texts.${lang}.json`)
  const all = { 'toban/common': shared }
  for (const name of await folders()) all[`toban/${name}`] = { ...shared, ...(await read(`${name}/texts.${lang}.json`)) }
  return all
}
