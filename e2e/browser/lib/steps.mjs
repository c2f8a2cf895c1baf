// A story is told in named steps, so that a failure says which one it was.
import path from 'node:path'
import { brief } from './backstage.mjs'

let count = 0
const looked = new Set() // pages to take a picture of when something fails

/** Has a page's picture taken when a step fails. */
export const watch = (page) => looked.add(page)
export const unwatch = (page) => looked.delete(page)

/** Does one step of the story. */
export async function step(name, act) {
  const began = Date.now()
  count++
  try {
    const result = await act()
    console.log(`step ${count}: ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    return result
  } catch (problem) {
    console.log(`FAILED at step ${count}: ${name}\n${problem.stack ?? problem}`)
    for (const page of looked) console.log(`picture: ${await shot(page, `failed-${count}`)}`)
    throw problem
  }
}

/** Takes a picture of a page and gives its path. */
export async function shot(page, name) {
  const index = [...looked].indexOf(page)
  const file = path.join(brief.shots, `${name}${index > 0 ? `-${index}` : ''}.png`)
  await page.screenshot({ path: file }).catch((problem) => console.log(`no picture: ${problem.message}`))
  return file
}

/** Fails with a text unless something is so. */
export function check(ok, text) {
  if (!ok) throw new Error(text)
}

/** Fails with both values unless they are the same as JSON. */
export function same(what, got, want) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)]
  if (a !== b) throw new Error(`${what}:\n  got  ${a}\n  want ${b}`)
}

const patience = 60_000 // ms
const pause = 50

/** Waits until something that isn't on a page is so, and gives what it is. */
export async function until(what, look) {
  for (const end = Date.now() + patience; ; ) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`not within ${patience / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
