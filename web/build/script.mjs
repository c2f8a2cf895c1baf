// Reading a browser script of ours.
import { readFile } from 'node:fs/promises'
import { Script } from 'node:vm'

// readScript gives a script's text, or an error that names the place of a
// mistake in its syntax: joined with others, one would silence them all.
export async function readScript(file) {
  const text = await readFile(file, 'utf8')
  new Script(text, { filename: file })
  return text
}
