// A mail comes in; the editor shows what happens while it happens.
import { ask, brief } from '../lib/backstage.mjs'
import { awaitStatus, statusOf } from '../lib/canvas.mjs'
import { closeNotices } from '../lib/editor.mjs'
import { newest, rows, show } from '../lib/runs.mjs'
import { check, same, shot, step, until } from '../lib/steps.mjs'
import { say } from '../lib/words.mjs'

const { roles } = brief

export async function live({ admin: { page } }) {
  await step('the Runs tab waits for the first run', async () => {
    await closeNotices(page)
    await show(page)
    same('runs', await rows(page).count(), 0)
    await page.locator('.toban-list .toban-note', { hasText: say.noRuns }).waitFor()
  })

  await step('a mail comes in; its question stands under the node that asks, with the time left', async () => {
    await ask('mail')
    await awaitStatus(page, roles.ask, say.timeLeft)
    await shot(page, '09-waiting')
  })

  await step('Slack has the question', async () => {
    const posts = await ask('posts')
    const question = JSON.parse(JSON.parse(brief.flow).find((n) => n.id === roles.ask).msg).text
    check(posts.some((post) => post.includes(brief.instance)), `no post has the instance: ${posts.join('\n')}`)
    check(posts.at(-1).startsWith(question), `the last post is ${posts.at(-1)}`)
  })

  await step('the list has the run, and what it waits for', async () => {
    await rows(page).first().locator('.toban-is-waiting').waitFor()
    const row = await rows(page).first().innerText()
    check(say.timeLeft.test(row), `the row says ${row}`)
  })

  await step('approved in Slack; the list follows to the end', async () => {
    await ask('press', { value: 'yes' })
    await rows(page).first().locator('.toban-is-done').waitFor()
    same('the run', (await newest(page)).status, 'done')
    same('runs', await rows(page).count(), 1)
    await until('the time under the node is gone', async () => !say.timeLeft.test(await statusOf(page, roles.ask)))
    const changes = (await ask('calls')).map((call) => call.split(' ')[0]).filter((name) => /^(Stop|Start)/.test(name))
    same('what EC2 was told', changes, ['StopInstances', 'StartInstances'])
  })
}
