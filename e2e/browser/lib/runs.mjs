// The Runs sidebar and what it draws on the canvas.
import { brief } from './backstage.mjs'

/** Opens the sidebar's tab. */
export async function show(page) {
  if (await page.locator('.toban-sidebar').isVisible()) return
  await page.click('button[data-tab-id="toban-runs"]')
  await page.locator('.toban-sidebar').waitFor()
}

/** The rows of the list, newest first. */
export const rows = (page) => page.locator('.toban-runs .toban-run')

/** Opens a run of the list and waits until its path is drawn. */
export async function open(page, row) {
  await row.click()
  await page.locator('.toban-steps .toban-step').first().waitFor()
  await page.locator('.toban-layer .toban-visit').first().waitFor()
}

/** Goes back to the list. */
export async function back(page) {
  await page.locator('.toban-panel .toban-bar button').first().click()
  await page.locator('.toban-list').waitFor()
}

/** A button of the player by its icon. */
export const player = (page, icon) => page.locator(`.toban-player button:has(i.fa-${icon})`)

/** Reads a run over the API as the page's own session. */
export async function run(page, id) {
  const answer = await page.request.get(`${brief.url}/api/runs/${id}`, { headers: { Accept: 'application/json' } })
  return answer.json()
}

/** The newest run over the API. */
export async function newest(page) {
  const answer = await page.request.get(`${brief.url}/api/runs?limit=1`, { headers: { Accept: 'application/json' } })
  return (await answer.json()).runs[0]
}

/** What is drawn now: where the run stands, which nodes and wires are marked. */
export const drawn = (page, root = '#red-ui-workspace-chart') => page.evaluate((where) => {
  const at = document.querySelector(where)
  const now = [...at.querySelectorAll('.toban-visit.toban-now')].map((g) => g.getAttribute('transform'))
  return {
    place: document.querySelector('.toban-place').textContent,
    visits: at.querySelectorAll('.toban-visit').length,
    ahead: at.querySelectorAll('.toban-visit.toban-ahead').length,
    now,
    wires: at.querySelectorAll('.red-ui-flow-link.toban-taken, .toban-picture-wire.toban-taken').length,
    current: document.querySelector('.toban-step[aria-current]')?.dataset.index ?? null,
    title: document.querySelector('.toban-detail h3')?.textContent ?? '',
  }
}, root)

/** Where a badge of a node must stand. */
export const spotOf = (page, id) => page.evaluate((which) => {
  const n = window.RED.nodes.node(which)
  return `translate(${n.x} ${n.y})`
}, id)
