// Export and import, groups, subflows.
import { facts, node, select, undo } from '../lib/canvas.mjs'
import { closeNotices, deploy, flows, importText, menu } from '../lib/editor.mjs'
import { losses } from '../lib/compare.mjs'
import { newest, open, run, show } from '../lib/runs.mjs'
import { check, same, shot, step, until } from '../lib/steps.mjs'
import { edited, hello } from './8-edit.mjs'

const [button, said] = hello.map((n) => n.id)

export async function shape({ admin: { page } }) {
  await step('the flow is exported, and comes back on a new tab', async () => {
    await closeNotices(page)
    await menu(page, 'menu-item-export')
    await page.click('#red-ui-clipboard-dialog-export-rng-flow')
    await page.locator('#red-ui-clipboard-dialog-export:not(:disabled)').click()
    await page.locator('#red-ui-clipboard-dialog-export').waitFor({ state: 'hidden' })
    const text = await page.evaluate(() => navigator.clipboard.readText())
    const exported = JSON.parse(text)
    same('losses of the export', losses(exported, edited), [])
    check(!text.includes('PRIVATE KEY'), 'the export has the key')
    const before = await facts(page)
    await importText(page, text, 'new')
    await page.locator('.red-ui-notification button').last().click() // its nodes are there already: a copy
    await until('all nodes are there twice', async () => (await facts(page)).nodes === 2 * before.nodes)
    await undo(page)
    same('nodes after undo', (await facts(page)).nodes, before.nodes)
    await closeNotices(page)
  })

  await step('two nodes are grouped', async () => {
    await select(page, button, said)
    await menu(page, 'menu-item-group', 'menu-item-group-group')
    await page.locator('.red-ui-flow-group').first().waitFor()
    await deploy(page)
    const { flows: now } = await flows(page)
    const group = now.find((n) => n.type === 'group')
    same('the nodes of the group', group.nodes.toSorted(), [button, said])
    same('their group', now.filter((n) => [button, said].includes(n.id)).map((n) => n.g), [group.id, group.id])
    await undo(page)
    same('groups', (await facts(page)).groups, 0)
  })

  await step('a node becomes a subflow, which is deployed', async () => {
    await closeNotices(page)
    await select(page, said)
    await menu(page, 'menu-item-subflow', 'menu-item-subflow-convert')
    await page.waitForFunction(() => { let count = 0; window.RED.nodes.eachSubflow(() => { count++ }); return count === 1 })
    await deploy(page)
    const { flows: now } = await flows(page)
    const subflow = now.find((n) => n.type === 'subflow')
    same('where the node stands', now.find((n) => n.id === said).z, subflow.id)
    same('instances', now.filter((n) => n.type === `subflow:${subflow.id}`).length, 1)
    await shot(page, '16-subflow')
  })

  await step('a run goes through it, and shows on the instance', async () => {
    const before = (await newest(page)).id
    await closeNotices(page)
    await node(page, button).locator('.red-ui-flow-node-button-button').click()
    const id = await until('a new run', async () => { const { id: now } = await newest(page); return now !== before && now })
    const instance = await page.evaluate((from) => window.RED.nodes.filterLinks({ source: { id: from } })[0].target.id, button)
    await until('it is done', async () => (await run(page, id)).status === 'done')
    await show(page)
    await open(page, page.locator(`.toban-run[data-run="${id}"]`))
    const spot = await page.evaluate((which) => { const n = window.RED.nodes.node(which); return `translate(${n.x} ${n.y})` }, instance)
    await page.waitForFunction((place) => [...document.querySelectorAll('.toban-visit')].some((g) => g.getAttribute('transform') === place), spot)
    await shot(page, '17-subflow-run')
    await page.keyboard.press('Escape')
    await page.locator('.toban-list').waitFor()
  })
}
