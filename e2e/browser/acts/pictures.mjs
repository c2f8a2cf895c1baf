// Not part of the story: the pictures of the README. TOBAN_PICTURES names their folder.
import path from 'node:path'
import { brief } from '../lib/backstage.mjs'
import { openDialog } from '../lib/canvas.mjs'
import { closeNotices } from '../lib/editor.mjs'
import { open, rows, run, newest, show } from '../lib/runs.mjs'
import { step } from '../lib/steps.mjs'

export async function picture({ admin: { page } }) {
  await step('a run on the canvas', async () => {
    await closeNotices(page)
    await page.locator('.red-ui-sidebar-toggle-button').first().click() // room for the canvas
    await show(page)
    await open(page, rows(page).first())
    const { steps } = await run(page, (await newest(page)).id)
    await page.locator(`.toban-step[data-index="${steps.findIndex((s) => s.node === brief.roles.ask)}"]`).click()
    await take(page, 'run')
    await page.keyboard.press('Escape')
  })

  await step('a form and its help', async () => {
    await page.click('button[data-tab-id="debug"]') // room for the help
    await page.click('button[data-tab-id="help"]')
    await openDialog(page, brief.roles.ask)
    await take(page, 'form')
  })
}

async function take(page, name) {
  await page.mouse.move(600, 790)
  await page.locator('.red-ui-popover').waitFor({ state: 'hidden' })
  await page.screenshot({ path: path.join(brief.pictures, `${name}.${brief.lang}.png`), animations: 'disabled' })
}
