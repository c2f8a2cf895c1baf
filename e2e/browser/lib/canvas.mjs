// The canvas: nodes, their dialogs, their status.
import { until } from './steps.mjs'

/** A node on the canvas. */
export const node = (page, id) => page.locator(`#red-ui-workspace-chart g[id="${id}"]`)

/** What the editor knows of nodes that the story asks about. */
export const facts = (page) => page.evaluate(() => {
  const found = { nodes: 0, unknown: [], invalid: [], groups: 0, subflows: 0 }
  window.RED.nodes.eachNode((n) => {
    found.nodes++
    if (n.type === 'unknown') found.unknown.push(n.name)
    if (!n.valid) found.invalid.push(`${n.type} ${n.name}: ${(n.validationErrors ?? []).join(', ')}`)
  })
  window.RED.nodes.eachConfig((n) => {
    if (n.type === 'unknown') found.unknown.push(n.name)
    if (n.valid === false) found.invalid.push(`${n.type} ${n.name}: ${(n.validationErrors ?? []).join(', ')}`)
  })
  window.RED.nodes.eachGroup(() => { found.groups++ })
  window.RED.nodes.eachSubflow(() => { found.subflows++ })
  return found
})

/** Brings a node into view and gives the middle of it in the window. */
async function middle(page, id) {
  await page.evaluate((which) => window.RED.view.reveal(which, false), id)
  const box = await page.waitForFunction((which) => {
    const r = document.querySelector(`#red-ui-workspace-chart g[id="${which}"] rect.red-ui-flow-node`)?.getBoundingClientRect()
    return r && r.width > 0 ? { x: r.x + r.width / 2, y: r.y + r.height / 2 } : null
  }, id)
  return box.jsonValue()
}

/** Opens a node's dialog by a double click. */
export async function openDialog(page, id) {
  const at = await middle(page, id)
  await page.mouse.dblclick(at.x, at.y)
  await page.locator('#node-dialog-ok').waitFor()
  await settled(page)
}

/** Selects nodes by clicks. */
export async function select(page, ...ids) {
  for (const [i, id] of ids.entries()) {
    const at = await middle(page, id)
    if (i > 0) await page.keyboard.down('Control')
    await page.mouse.click(at.x, at.y)
    if (i > 0) await page.keyboard.up('Control')
  }
  await page.waitForFunction((n) => window.RED.view.selection().nodes?.length === n, ids.length)
}

/** Takes the last change back. */
export async function undo(page) {
  await page.locator('#red-ui-workspace-chart').focus()
  await page.keyboard.press('Control+z')
}

/** Waits until no dialog is sliding in or out. */
export const settled = (page) => page.waitForFunction(() => {
  const trays = [...document.querySelectorAll('.red-ui-tray')]
  return trays.every((tray) => tray.getAnimations({ subtree: false }).every((a) => a.playState !== 'running'))
    && document.querySelectorAll('#red-ui-editor-shade').length === (trays.length > 0 ? 1 : 0)
})

/** Accepts the dialog of a node. */
export async function accept(page) {
  await page.locator('#node-dialog-ok:visible').click()
  await page.locator('.red-ui-tray').waitFor({ state: 'detached' })
}

/** Fills fields of the open dialog in. */
export async function fill(page, values) {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}:visible`).fill(String(value))
}

/** The text under a node as one sees it; '' if there is none. */
export const statusOf = (page, id) => page.evaluate((which) => {
  const label = document.querySelector(`#red-ui-workspace-chart g[id="${which}"] .red-ui-flow-node-status-label`)
  return label?.getBoundingClientRect().width > 0 ? label.textContent : ''
}, id)

/** Waits until the text under a node has a pattern, and gives it. */
export const awaitStatus = (page, id, pattern) => until(`the status of ${id} has ${pattern}`, async () => {
  const text = await statusOf(page, id)
  return pattern.test(text) && text
})
