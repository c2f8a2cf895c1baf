// The forms that come with the nodes package.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { nodesPackage } from './paths.mjs'
import { scriptsOf, templatesOf, typesOf } from './form.mjs'
import { spelled } from './spelling.mjs'

// The files of the types that our engine has, in the order of the palette.
const files = [
  'common/20-inject', 'common/21-debug', 'common/24-complete', 'common/25-catch', 'common/25-status',
  'common/60-link', 'common/90-comment', 'common/91-global-config', 'common/98-unknown',
  'function/10-function', 'function/10-switch', 'function/15-change', 'function/80-template', 'function/89-delay',
  'network/21-httpin', 'storage/10-file',
]

export async function coreSets() {
  const { version } = JSON.parse(await readFile(path.join(nodesPackage, 'package.json'), 'utf8'))
  return Promise.all(files.map((file) => coreSet(file, version)))
}

async function coreSet(file, version) {
  const html = await readFile(path.join(nodesPackage, 'core', `${file}.html`), 'utf8')
  const name = path.basename(file).replace(/^\d+-/, '')
  const script = scriptsOf(html)
  return {
    id: `node-red/${name}`, name, module: 'node-red', version, types: typesOf(script),
    script: (await filesLoadedBy(html)) + script, templates: templatesOf(html), help: await helpOf(file),
  }
}

// A form that loads a script of its own gets it in front of it.
async function filesLoadedBy(html) {
  const sources = [...html.matchAll(/<script src="debug\/view\/([\w.-]+)"><\/script>/g)].map((m) => m[1])
  const texts = await Promise.all(sources.map((s) => readFile(path.join(nodesPackage, 'core/common/lib/debug', s), 'utf8')))
  return texts.map((t) => t + '\n;\n').join('')
}

async function helpOf(file) {
  const help = {}
  for (const lang of await readdir(path.join(nodesPackage, 'locales'))) {
    try {
      help[lang] = spelled(lang, await readFile(path.join(nodesPackage, 'locales', lang, `${file}.html`), 'utf8'))
    } catch (err) {
      if (err.code !== 'ENOENT') throw err
    }
  }
  return help
}
