// A flow that works, with a trap in it: the server hints at it.
import { node, undo } from '../lib/canvas.mjs'
import { closeNotices, deploy, importText, problems } from '../lib/editor.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'

// A message that meets both rules goes on twice.
const trap = [
  { id: 'f00d000000000003', type: 'switch', name: 'twice', property: 'payload', propertyType: 'msg', rules: [{ t: 'nnull' }, { t: 'nnull' }], checkall: 'true', repair: false, outputs: 2, x: 0, y: 0, wires: [['f00d000000000004'], ['f00d000000000004']] },
  { id: 'f00d000000000004', type: 'change', name: 'noted', rules: [{ t: 'set', p: 'noted', pt: 'msg', to: 'true', tot: 'bool' }], x: 200, y: 0, wires: [[]] },
]

export async function hints(page) {
  const notice = page.locator('.red-ui-notification:has(.toban-hints)')
  const rows = page.locator('.toban-problem-list li')

  await step('a deploy tells of hints in short; that goes by itself', async () => {
    await importText(page, JSON.stringify(trap))
    await page.mouse.click(320, 560)
    await node(page, trap[1].id).waitFor()
    await deploy(page)
    await notice.waitFor()
    same('what of it has the keys', await notice.locator(':focus').count(), 0)
    await shot(page, '15-hints')
    await notice.waitFor({ state: 'detached' })
  })

  await step('the list stays in the sidebar, with the way to each node', async () => {
    const said = await problems(page)
    check(said.some((one) => one.node === trap[0].id && one.warning), `the server says ${JSON.stringify(said)}`)
    await page.click('button[data-tab-id="toban-problems"]')
    same('what stands there', await rows.locator('p').allTextContents(), said.map((one) => one.message))
    same('the number at the tab', await page.getAttribute('button[data-tab-id="toban-problems"]', 'data-toban-count'), String(said.length))
    await rows.filter({ hasText: 'twice' }).locator('a').click()
    await page.waitForFunction((id) => window.RED.view.selection().nodes?.[0]?.id === id, trap[0].id)
    await shot(page, '15-problems')
  })

  await step('without the trap, nothing is said about it', async () => {
    await undo(page)
    await node(page, trap[1].id).waitFor({ state: 'detached' })
    await deploy(page)
    await rows.filter({ hasText: 'twice' }).waitFor({ state: 'detached' })
    same('what stands there', await rows.count(), (await problems(page)).length)
    await closeNotices(page)
  })
}
