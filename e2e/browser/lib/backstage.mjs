// The way to the Go test that runs this program: one line of JSON there, one back.
import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function read() {
  const { value, done } = await lines.next()
  if (done) process.exit(1) // the test has ended
  return JSON.parse(value)
}

/** What the story is about; the first line. */
export const brief = await read()

/** Has something done behind the scene, and gives the answer. */
export async function ask(what, details = {}) {
  process.stdout.write(`${JSON.stringify({ do: what, ...details })}\n`)
  return read()
}
