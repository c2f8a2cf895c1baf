// Where things are.
import { fileURLToPath } from 'node:url'
import path from 'node:path'

export const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
export const dist = path.join(web, 'dist')
export const editorPackage = path.join(web, 'node_modules/@node-red/editor-client')
export const nodesPackage = path.join(web, 'node_modules/@node-red/nodes')
