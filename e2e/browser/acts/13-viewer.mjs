// Somebody who may look only.
import { ask, brief } from '../lib/backstage.mjs'
import { person } from '../lib/browser.mjs'
import { accept, openDialog } from '../lib/canvas.mjs'
import { deployButton, flows, ready } from '../lib/editor.mjs'
import { rows, show, open } from '../lib/runs.mjs'
import { signIn } from '../lib/signin.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'

const name = 'hana'
const password = 'only to look at things'

export async function view(cast) {
  await step('a viewer signs in', async () => {
    await ask('user', { name, value: password })
    cast.viewer = await person('viewer')
    await cast.viewer.page.goto('/')
    await signIn(cast.viewer.page, name, password)
    await ready(cast.viewer.page)
  })
  const { page } = cast.viewer

  await step('they see the flow and its runs', async () => {
    await openDialog(page, brief.roles.ask)
    await accept(page)
    await show(page)
    await open(page, rows(page).last())
    await shot(page, '21-viewer')
  })

  await step('they have nothing that changes anything', async () => {
    same('buttons to rehearse or cancel', await page.locator('.toban-head button:has(i.fa-repeat), .toban-head button:has(i.fa-ban)').count(), 0)
    check(await page.locator('#toban-rehearsal').isDisabled(), 'the rehearsal can be switched')
    await page.locator('.red-ui-deploy-button-group.readOnly').waitFor()
    const colours = await page.evaluate((which) => {
      window.RED.nodes.dirty(true) // as if they had moved a node
      const [deploy, menu] = [...document.querySelector(which).parentElement.querySelectorAll('a.red-ui-deploy-button')].map((a) => getComputedStyle(a).backgroundColor)
      const plain = document.createElement('i')
      plain.style.background = 'var(--red-ui-deploy-button-background-disabled)'
      document.querySelector(which).append(plain)
      const want = getComputedStyle(plain).backgroundColor
      plain.remove()
      return { deploy, menu, want }
    }, deployButton)
    same('the colours of the deploy button', [colours.deploy, colours.menu], [colours.want, colours.want])
    await shot(page, '21-locked')
    await page.evaluate(() => window.RED.nodes.dirty(false))
    check(await page.locator('.red-ui-deploy-button-group').getAttribute('title'), 'nobody says why one can not deploy')
    same('what the deploy button lets through', await page.locator(deployButton).evaluate((e) => getComputedStyle(e).pointerEvents), 'none')
  })

  await step('the server refuses them, whatever their page does', async () => {
    const before = await flows(page)
    for (const [method, path, data] of [
      ['POST', '/flows', { flows: [] }], ['POST', `/inject/${brief.roles.mail}`, {}],
      ['POST', '/api/rehearsal', { tab: 'x', on: true }], ['POST', '/api/pin', { host: 'x', port: 22 }],
    ]) {
      const answer = await page.request.fetch(`${brief.url}${path}`, { method, data, headers: { 'Node-RED-API-Version': 'v2', Origin: brief.url } })
      same(`${method} ${path}`, answer.status(), 403)
    }
    same('the flows', (await flows(page)).rev, before.rev)
  })
}
