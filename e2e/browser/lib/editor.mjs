// The editor as a person uses it.
import { brief } from './backstage.mjs'
import { until } from './steps.mjs'

/** Waits until the editor has loaded its flows. */
export async function ready(page) {
  await page.waitForFunction(() => window.RED?.nodes?.version?.() !== undefined && window.RED.workspaces.active() !== 0)
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
}

/** Chooses an item of the main menu, through its submenus. */
export async function menu(page, ...ids) {
  await page.click('#red-ui-header-button-sidemenu')
  for (const id of ids.slice(0, -1)) await page.hover(`#${id}`)
  await page.click(`#${ids.at(-1)}`)
}

/** Puts a text on the clipboard and presses the keys that paste it. */
export async function paste(page, field, text) {
  await page.evaluate((words) => navigator.clipboard.writeText(words), text)
  await page.locator(field).click()
  await page.keyboard.press('Control+v')
}

/** Imports a text through the clipboard tab of the import dialog. */
export async function importText(page, text, whereTo = 'current') {
  await menu(page, 'menu-item-import')
  await page.locator('#red-ui-clipboard-dialog-import-text').waitFor()
  await paste(page, '#red-ui-clipboard-dialog-import-text', text)
  await page.click(`#red-ui-clipboard-dialog-import-opt-${whereTo}`)
  await page.locator('#red-ui-clipboard-dialog-ok:not(:disabled)').click()
  await page.locator('#red-ui-clipboard-dialog-ok').waitFor({ state: 'hidden' })
}

/** The deploy button. */
export const deployButton = '#red-ui-header-button-deploy'

/** Whether there is something to deploy. */
export const changed = (page) => page.evaluate(() => window.RED.nodes.dirty())

/** Presses the deploy button and gives the server's answer. */
export async function pressDeploy(page) {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/flows')
  await page.locator(`${deployButton}:not(.disabled)`).click()
  return answer
}

/** Deploys, and waits until the editor knows that it has. */
export async function deploy(page) {
  const answer = await pressDeploy(page)
  if (answer.status() !== 200) throw new Error(`POST /flows: ${answer.status()} ${await answer.text()}`)
  await page.waitForFunction(() => !window.RED.nodes.dirty())
  return answer
}

/** The revision that the editor stands on. */
export const revision = (page) => page.evaluate(() => window.RED.nodes.version())

/** Reads the flow API as the page's own session. */
export async function flows(page) {
  const answer = await page.request.get(`${brief.url}/flows`, { headers: { 'Node-RED-API-Version': 'v2', Accept: 'application/json' } })
  return answer.json()
}

/** What the server says about the deployed flow. */
export async function problems(page) {
  const answer = await page.request.get(`${brief.url}/api/problems`, { headers: { Accept: 'application/json', 'Accept-Language': brief.lang } })
  return (await answer.json()).problems
}

/** Waits for a notification that has a text, and gives its element. */
export async function notice(page, text) {
  const found = page.locator('.red-ui-notification', { hasText: text }).last()
  await found.waitFor()
  return found
}

/**
 * Closes the notifications, by their first button where they have one, else by
 * a click. The one that tells of somebody else's deploy has only a button that
 * does more, and goes by itself.
 */
export const closeNotices = (page) => until('the notifications are gone', async () => {
  if (await page.locator('.red-ui-notification:visible').count() === 0) return true
  const first = page.locator('.red-ui-notification:not(.red-ui-notification-compact):visible').first()
  if (await first.count() === 0) return false
  const button = first.locator('.ui-dialog-buttonset button').first()
  const click = await button.count() > 0 ? button.click({ timeout: 1000 }) : first.click({ timeout: 1000, position: { x: 6, y: 6 } })
  await click.catch(() => {}) // it may have gone by itself
  return false
})
