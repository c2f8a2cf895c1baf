// The flow is imported as the article says: menu, import, clipboard.
import { brief } from '../lib/backstage.mjs'
import { facts, node } from '../lib/canvas.mjs'
import { importText, menu } from '../lib/editor.mjs'
import { same, shot, step } from '../lib/steps.mjs'
import { say } from '../lib/words.mjs'

const flow = JSON.parse(brief.flow)
const drawn = flow.filter((n) => n.z)

export async function bringIn({ admin: { page } }) {
  await step('the menu has the import', async () => {
    await page.click('#red-ui-header-button-sidemenu')
    same('its name', (await page.locator('#menu-item-import .red-ui-menu-label').innerText()).split('\n')[0], say.import)
    await page.keyboard.press('Escape')
    await page.click('#red-ui-header-button-sidemenu')
  })

  await step('the flow is pasted into the import dialog', async () => {
    await importText(page, brief.flow)
    const tab = flow.find((n) => n.type === 'tab')
    if (tab) await page.locator('.red-ui-tab-label', { hasText: tab.label }).click() // it brings its own
    else await page.mouse.click(300, 110) // the nodes follow the mouse until then
  })

  await step('all nodes are there, known and valid', async () => {
    await node(page, brief.roles.ask).waitFor()
    const { nodes, unknown, invalid } = await facts(page)
    same('nodes', nodes, drawn.length)
    same('unknown nodes', unknown, [])
    same('invalid nodes', invalid, [])
    await shot(page, '03-imported')
  })
}
