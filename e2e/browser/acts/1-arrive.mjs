// Sign-in, and a look at the empty editor.
import { brief } from '../lib/backstage.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'
import { ready } from '../lib/editor.mjs'
import { signIn } from '../lib/signin.mjs'
import { say } from '../lib/words.mjs'

export async function arrive({ admin }) {
  const { page } = admin

  await step('the editor asks to sign in', async () => {
    await page.goto('/')
    check(new URL(page.url()).pathname === '/login', `the address is ${page.url()}`)
    same('the language of the page', await page.getAttribute('html', 'lang'), brief.lang)
    await shot(page, '01-sign-in')
  })

  await step('a wrong password is refused', () => admin.guard.expecting([/response: 403 POST .*\/login/, /console: .*403/], async () => {
    await signIn(page, 'admin', 'not it')
    await page.locator('[role=alert]').waitFor()
    check(new URL(page.url()).pathname === '/login', `the address is ${page.url()}`)
  }))

  await step('signed in, back in the editor', async () => {
    await signIn(page, 'admin', brief.password)
    await ready(page)
    same('the address', new URL(page.url()).pathname, '/')
    same('the deploy button', (await page.locator('#red-ui-header-button-deploy .red-ui-deploy-button-content').innerText()).trim(), say.deploy)
    await shot(page, '02-empty-editor')
  })

  await step('the palette has our nodes', async () => {
    for (const type of ['e-mail in', 'command', 'slack-say', 'slack-ask']) {
      await page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`).waitFor()
    }
  })
}
