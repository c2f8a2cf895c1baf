// The editor's texts, per language and namespace.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { editorPackage, nodesPackage, web } from './paths.mjs'
import { spelled } from './spelling.mjs'

const namespaces = ['editor', 'infotips', 'jsonata']

// buildCatalogues writes locales/<language>/<namespace>.json and gives the languages.
export async function buildCatalogues(out) {
  const languages = (await readdir(path.join(editorPackage, 'locales'))).sort()
  for (const lang of languages) {
    for (const ns of namespaces) {
      const texts = spell(lang, await readJSON(path.join(editorPackage, 'locales', lang, `${ns}.json`)))
      // The functions' descriptions say rightly whose functions they are.
      const named = ns === 'jsonata' ? texts : rename(texts)
      out.addJSON(`locales/${lang}/${ns}.json`, merge(named, await overlay(lang, ns)))
    }
    const texts = spell(lang, await readJSON(path.join(nodesPackage, 'locales', lang, 'messages.json')))
    out.addJSON(`locales/${lang}/node-red.json`, merge(rename(texts), await overlay(lang, 'node-red')))
  }
  return languages
}

async function readJSON(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (err) {
    if (err.code === 'ENOENT') return {}
    throw new Error(`${file}: ${err.message}`)
  }
}

// rename puts our name wherever a text speaks of the program that one uses.
const rename = (texts) => each(texts, (text) => text.replaceAll('Node-RED', 'Toban'))

const spell = (lang, texts) => each(texts, (text) => spelled(lang, text))

// each changes every text of a catalogue.
function each(value, change) {
  if (typeof value === 'string') return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, each(v, change)]))
}

// overlay is what we say differently. Languages without one get none.
const overlay = (lang, ns) => readJSON(path.join(web, 'overlay', lang, `${ns}.json`))

function merge(base, over) {
  const all = { ...base }
  for (const [key, v] of Object.entries(over)) all[key] = typeof v === 'object' ? merge(base[key] ?? {}, v) : v
  return all
}
