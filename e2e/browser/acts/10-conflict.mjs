// Two people edit at once.
import { brief } from '../lib/backstage.mjs'
import { person } from '../lib/browser.mjs'
import { accept, fill, node, openDialog } from '../lib/canvas.mjs'
import { closeNotices, deploy, flows, pressDeploy, ready } from '../lib/editor.mjs'
import { signIn } from '../lib/signin.mjs'
import { same, shot, step, unwatch } from '../lib/steps.mjs'

const { roles } = brief
const [mine, theirs] = ['mine', 'theirs']

export async function conflict(cast) {
  const { page, guard } = cast.admin

  await step('a second person comes', async () => {
    await closeNotices(page)
    cast.second = await person('second')
    await cast.second.page.goto('/')
    await signIn(cast.second.page, 'admin', brief.password)
    await ready(cast.second.page)
  })

  await step('both change something; the second one deploys; the first one is told', async () => {
    await name(page, roles.comment, mine)
    await name(cast.second.page, roles.alert, theirs)
    await deploy(cast.second.page)
    await page.locator('.red-ui-notification-compact, .red-ui-notification').first().waitFor()
    await shot(page, '18-told')
  })

  await step('the deploy of the first one is refused, and can be merged', () => guard.expecting([/response: 409 POST .*\/flows/, /console: .*409/], async () => {
    const answer = await pressDeploy(page)
    same('the answer', [answer.status(), (await answer.json()).code], [409, 'version_mismatch'])
    await page.locator('#red-ui-deploy-dialog-confirm-deploy-merge:not(.disabled)').waitFor()
    await shot(page, '19-conflict')
    await page.click('#red-ui-deploy-dialog-confirm-deploy-merge')
    await node(page, roles.alert).locator('text', { hasText: theirs }).first().waitFor()
  }))

  await step('merged and deployed, both changes are there', async () => {
    await deploy(page)
    const { flows: now } = await flows(page)
    same('names', [roles.comment, roles.alert].map((id) => now.find((n) => n.id === id).name), [mine, theirs])
    unwatch(cast.second.page)
    cast.second.guard.clean()
    await cast.second.context.close()
    delete cast.second
  })
}

async function name(page, id, text) {
  await openDialog(page, id)
  await fill(page, { 'node-input-name': text })
  await accept(page)
}
