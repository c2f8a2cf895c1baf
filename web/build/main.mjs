// Builds what Toban serves of the flow editor into dist/: the editor's own
// files, chosen and compressed, the forms of all node types, our plugin, and a
// manifest that says what there is. Nothing of the packages is changed on disk.
import { readFile } from 'node:fs/promises'
import { Output } from './output.mjs'
import { copyEditor } from './editor.mjs'
import { buildCatalogues } from './catalogues.mjs'
import { buildNodes } from './nodes.mjs'
import { buildPlugins } from './plugins.mjs'
import { buildPage } from './page.mjs'
import { buildNotices } from './notices.mjs'

const { version } = JSON.parse(await readFile(new URL('../node_modules/@node-red/editor-client/package.json', import.meta.url)))

const out = new Output()
await copyEditor(out)
const languages = await buildCatalogues(out)
const types = await buildNodes(out, languages)
await buildPlugins(out, languages)
await buildNotices(out)
await buildPage(out)
const total = await out.finish({ editor: version, languages, types })
console.log(`web: editor ${version}, ${total.files} files, ${(total.stored / 1e6).toFixed(1)} MB`)
