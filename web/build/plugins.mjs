// Our plugin of the editor: GET /plugins in both its shapes, and its catalogue.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { web } from './paths.mjs'
import { readScript } from './script.mjs'

const root = path.join(web, 'plugin')
const id = 'toban/runs'

export async function buildPlugins(out, languages) {
  const { version } = JSON.parse(await readFile(path.join(web, 'package.json'), 'utf8'))
  out.addJSON('plugins.json', [{
    id, name: 'runs', module: 'toban', version, enabled: true, local: false, user: false, editor: true, runtime: false,
    plugins: [{ id: 'toban-runs', type: 'toban-runs', module: 'toban' }],
  }])
  const order = JSON.parse(await readFile(path.join(root, 'order.json'), 'utf8'))
  const scripts = await Promise.all(order.map((name) => readScript(path.join(root, name))))
  out.add('toban/plugin.js', scripts.join('\n;\n'))
  out.add('plugins.html', `<!-- --- [red-plugin:${id}] --- -->\n<script src="toban/plugin.js"></script>\n`)
  for (const lang of languages) out.addJSON(`plugins/messages/${lang}.json`, await messages(lang))
}

async function messages(lang) {
  const text = await readFile(path.join(root, `texts.${lang}.json`), 'utf8').catch(() => null)
  return text === null ? {} : { [id]: JSON.parse(text) }
}
