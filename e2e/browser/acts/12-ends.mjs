// A deploy that would end an open question asks first.
import { ask, brief } from '../lib/backstage.mjs'
import { awaitStatus, node, select, undo } from '../lib/canvas.mjs'
import { closeNotices, deploy, flows, pressDeploy } from '../lib/editor.mjs'
import { check, same, shot, step, until } from '../lib/steps.mjs'
import { say } from '../lib/words.mjs'

const { roles } = brief
const refused = [/response: 409 POST .*\/flows/, /console: .*409/]

export async function end({ admin: { page, guard } }) {
  await step('the node that asks is deleted while its question is open', async () => {
    await closeNotices(page)
    await ask('mail')
    await awaitStatus(page, roles.ask, say.timeLeft)
    await select(page, roles.ask)
    await page.keyboard.press('Delete')
    await node(page, roles.ask).waitFor({ state: 'detached' })
  })

  await step('the deploy says what it would end, and is dropped', () => guard.expecting([...refused, /response: 400/, /console: .*400/], async () => {
    const answer = await pressDeploy(page)
    same('the answer', [answer.status(), (await answer.json()).code], [409, 'ends_open'])
    const question = page.locator('.red-ui-notification .toban-problems')
    await question.locator('li').waitFor()
    await shot(page, '22-ends')
    await page.locator('.red-ui-notification:has(.toban-problems) button').first().click()
    await question.waitFor({ state: 'detached' })
    check(await has(page, roles.ask), 'the node is gone from the server')
    same('open questions', (await open(page)).length, 1)
  }))

  await step('agreed to, it is deployed, and the question is cancelled', () => guard.expecting(refused, async () => {
    await closeNotices(page)
    await pressDeploy(page)
    await page.locator('.red-ui-notification:has(.toban-problems) button').last().click()
    await page.waitForFunction(() => !window.RED.nodes.dirty())
    check(!await has(page, roles.ask), 'the node is still on the server')
    same('open questions', (await open(page)).length, 0)
    await until('the card in Slack has no buttons', async () => !(await ask('try', { value: 'yes' })))
  }))

  await step('undone and deployed, all is there again', async () => {
    await closeNotices(page)
    await undo(page)
    await node(page, roles.ask).waitFor()
    await deploy(page)
    check(await has(page, roles.ask), 'the node is not on the server')
  })
}

const has = async (page, id) => (await flows(page)).flows.some((n) => n.id === id)

async function open(page) {
  const answer = await page.request.get(`${brief.url}/api/questions?state=open`, { headers: { Accept: 'application/json' } })
  return (await answer.json()).questions
}
