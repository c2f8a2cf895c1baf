// The flow is edited; runs of before are shown on the flow of before.
import { brief } from '../lib/backstage.mjs'
import { accept, awaitStatus, fill, node, openDialog, undo } from '../lib/canvas.mjs'
import { losses } from '../lib/compare.mjs'
import { changed, closeNotices, deploy, flows, importText } from '../lib/editor.mjs'
import { back, drawn, player, rows, show } from '../lib/runs.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'
import { configured } from './3-configure.mjs'
import { hints } from './8-hints.mjs'

const { roles } = brief
const old = JSON.parse(brief.flow).find((n) => n.id === roles.ask).name
const renamed = 'Approve?'

// A flow of its own: a button that says something in the debug sidebar.
export const hello = [
  { id: 'f00d000000000001', type: 'inject', name: 'hello', props: [{ p: 'payload' }], repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '', payload: '{"greeting":"hello there"}', payloadType: 'json', x: 0, y: 0, wires: [['f00d000000000002']] },
  { id: 'f00d000000000002', type: 'debug', name: 'said', active: true, tosidebar: true, console: false, tostatus: true, complete: 'payload', targetType: 'msg', statusVal: 'payload.greeting', statusType: 'msg', x: 200, y: 0, wires: [] },
]

/** What the story changes from here on. */
export const edited = { ...configured, [roles.ask]: { name: renamed } }

export async function edit({ admin: { page } }) {
  await step('a node is renamed, undone, and renamed again', async () => {
    await closeNotices(page)
    await rename(page)
    same('something to deploy', await changed(page), true)
    await undo(page)
    await page.waitForFunction(() => !window.RED.nodes.dirty())
    await node(page, roles.ask).locator('text', { hasText: old }).first().waitFor()
    await rename(page)
  })

  await step('an inject and a debug node come in by the clipboard', async () => {
    await importText(page, JSON.stringify(hello))
    await page.mouse.click(320, 640)
    await node(page, hello[1].id).waitFor()
    await deploy(page)
    same('losses', losses((await flows(page)).flows, edited), [])
  })

  await step('the button sends; the debug sidebar and the status say what', async () => {
    await closeNotices(page)
    await press(page, hello[0].id, `/inject/${hello[0].id}`)
    const message = page.locator('.red-ui-debug-msg', { hasText: 'said' }).last()
    await message.waitFor()
    await message.locator('.red-ui-debug-msg-expandable').first().click()
    await message.locator('.red-ui-debug-msg-type-string:visible', { hasText: 'hello there' }).first().waitFor()
    await awaitStatus(page, hello[1].id, /hello there/)
    await shot(page, '14-debug')
  })

  await step('while the debug node is switched off, nothing is said', async () => {
    await press(page, hello[1].id, `/debug/${hello[1].id}/disable`)
    await press(page, hello[0].id, `/inject/${hello[0].id}`)
    await press(page, hello[1].id, `/debug/${hello[1].id}/enable`)
    await press(page, hello[0].id, `/inject/${hello[0].id}`)
    const messages = page.locator('.red-ui-debug-msg', { hasText: 'said' })
    await messages.nth(1).waitFor()
    same('messages of three presses', await messages.count(), 2)
    await deploy(page) // the switch is a property of the node
  })

  await step('a run of before is shown on the flow of before', async () => {
    await closeNotices(page)
    await show(page)
    await rows(page).last().click()
    const picture = page.locator('.toban-picture')
    await picture.waitFor()
    await picture.locator('.toban-visit').first().waitFor()
    await picture.locator('.toban-picture-label', { hasText: old }).waitFor()
    same('nodes with the new name', await picture.locator('.toban-picture-label', { hasText: renamed }).count(), 0)
    await player(page, 'step-forward').click()
    await picture.locator('.toban-visit.toban-now').waitFor()
    same('where it stands', (await drawn(page, '.toban-picture')).now.length, 1)
    for (const id of [roles.mail, roles.ask]) {
      const icon = await picture.locator(`[data-node="${id}"] .toban-picture-icon image`).getAttribute('href')
      check((await page.request.get(new URL(icon, brief.url).href)).ok() && icon.includes('icons/toban/'), `the icon of ${id} is ${icon}`)
    }
    await shot(page, '15-old-revision')
  })

  await step('nothing can be changed there', async () => {
    await page.locator('.toban-picture-node').first().dblclick()
    same('dialogs', await page.locator('.red-ui-tray').count(), 0)
    same('something to deploy', await changed(page), false)
    await back(page)
    same('pictures', await page.locator('.toban-picture').count(), 0)
  })

  await hints(page)
}

/** Presses the button of a node and waits until the server has done what it asks for. */
async function press(page, id, path) {
  const answer = page.waitForResponse((response) => new URL(response.url()).pathname === path)
  await node(page, id).locator('.red-ui-flow-node-button-button').click()
  const status = (await answer).status()
  check(status < 300, `${path}: ${status}`)
}

async function rename(page) {
  await openDialog(page, roles.ask)
  await fill(page, { 'node-input-name': renamed })
  await accept(page)
  await node(page, roles.ask).locator('text', { hasText: renamed }).first().waitFor()
}
