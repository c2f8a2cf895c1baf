// The server is killed and comes back; a session ends. No edit is lost.
import { ask, brief } from '../lib/backstage.mjs'
import { accept, fill, openDialog } from '../lib/canvas.mjs'
import { changed, closeNotices, deploy, flows, pressDeploy } from '../lib/editor.mjs'
import { same, shot, step } from '../lib/steps.mjs'

const { roles } = brief

export async function troubles({ admin: { page, context, guard } }) {
  await step('the server is killed while something is edited', () => guard.expecting(
    [/WebSocket connection to/, /ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /response: 50\d/], async () => {
      await closeNotices(page)
      await name(page, roles.mid, 'over a restart')
      const again = page.waitForEvent('websocket')
      await ask('restart')
      const channel = await again
      await channel.waitForEvent('framereceived')
      await page.locator('#red-ui-notifications .red-ui-notification', { hasText: /Lost|切断/ }).waitFor({ state: 'hidden' })
    }))

  await step('it is deployed with the same session', async () => {
    same('something to deploy', await changed(page), true)
    await deploy(page)
    same('the name', await deployedName(page, roles.mid), 'over a restart')
  })

  await step('the session ends on the server', async () => {
    await closeNotices(page)
    await name(page, roles.mid, 'over a sign-in')
    const session = (await context.cookies()).find((cookie) => cookie.httpOnly)
    const answer = await context.request.post('/auth/revoke', { form: { token: session.value }, headers: { 'Node-RED-API-Version': 'v2', Origin: brief.url } })
    same('the answer', answer.status(), 200)
  })

  await step('the deploy asks to sign in, in place', () => guard.expecting([/response: 401/, /console: .*401/, /WebSocket/], async () => {
    const answer = await pressDeploy(page)
    same('the answer', answer.status(), 401)
    await page.locator('dialog.toban-session').waitFor()
    await shot(page, '20-sign-in-again')
    await page.fill('#toban-user', 'admin')
    await page.fill('#toban-password', brief.password)
    await page.click('dialog.toban-session button[type=submit]')
    await page.locator('dialog.toban-session').waitFor({ state: 'detached' })
  }))

  await step('and the edit is deployed', async () => {
    await closeNotices(page)
    same('something to deploy', await changed(page), true)
    await deploy(page)
    same('the name', await deployedName(page, roles.mid), 'over a sign-in')
  })
}

const deployedName = async (page, id) => (await flows(page)).flows.find((n) => n.id === id).name

async function name(page, id, text) {
  await openDialog(page, id)
  await fill(page, { 'node-input-name': text })
  await accept(page)
}
