// The server is killed and comes back; a session ends. No edit is lost.
import { ask, brief } from '../lib/backstage.mjs'
import { accept, fill, openDialog } from '../lib/canvas.mjs'
import { changed, closeNotices, deploy, flows, notice, pressDeploy } from '../lib/editor.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'

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

  await step('what the server says against a deploy is told in words, until it is closed', () => guard.expecting([/response: 400 POST .*\/flows/, /console: .*400/], async () => {
    await closeNotices(page)
    await name(page, roles.mid, 'in the end')
    await page.route('**/flows', (route) => route.continue({ postData: '{"flows":' }), { times: 1 })
    const answer = await pressDeploy(page)
    const { code, message } = await answer.json()
    same('the answer', [answer.status(), code], [400, 'invalid_flow'])
    const told = await notice(page, message)
    check(!(await told.innerText()).includes(code), `it says ${await told.innerText()}`)
    await shot(page, '20-refused')
    await page.evaluate(() => { window.RED.notify('this one goes by itself') })
    await (await notice(page, 'this one goes by itself')).waitFor({ state: 'detached' })
    check(await told.isVisible(), 'the reason is gone')
    await told.locator('button').click()
    await told.waitFor({ state: 'detached' })
  }))

  await step('markup in it stays text', () => guard.expecting([/response: 500 POST .*\/flows/, /console: .*500/], async () => {
    await page.route('**/flows', (route) => route.fulfill({ status: 500, json: { code: 'internal', message: 'no <b>disk</b>\nis left' } }), { times: 1 })
    await pressDeploy(page)
    const told = await notice(page, 'no <b>disk</b>')
    same('its markup', await told.locator('b').count(), 0)
  }))

  await step('and the next deploy takes it away', async () => {
    await deploy(page)
    await page.locator('.red-ui-notification-error').waitFor({ state: 'detached' })
    same('the name', await deployedName(page, roles.mid), 'in the end')
  })
}

const deployedName = async (page, id) => (await flows(page)).flows.find((n) => n.id === id).name

async function name(page, id, text) {
  await openDialog(page, id)
  await fill(page, { 'node-input-name': text })
  await accept(page)
}
