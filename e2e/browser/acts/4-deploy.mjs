// The flow is deployed; the server then has all of it, and no secret in the open.
import { ask, brief } from '../lib/backstage.mjs'
import { accept, openDialog, settled } from '../lib/canvas.mjs'
import { losses } from '../lib/compare.mjs'
import { changed, deploy, flows, ready, revision } from '../lib/editor.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'
import { configured } from './3-configure.mjs'

export async function firstDeploy({ admin: { page } }) {
  await step('deployed', async () => {
    await deploy(page)
    await shot(page, '08-deployed')
  })

  await step('nothing is lost', async () => {
    const { flows: now, rev } = await flows(page)
    same('the revision', rev, await revision(page))
    same('losses', losses(now, configured), [])
  })

  await step('no secret comes back', async () => {
    const text = JSON.stringify(await ask('flows'))
    for (const secret of [brief.mail.password, brief.host.key.split('\n')[1]]) {
      check(!text.includes(secret), 'GET /flows has a password or a key')
    }
  })

  await step('after loading anew, the dialogs are as they were left', async () => {
    await page.reload()
    await ready(page)
    await openDialog(page, brief.roles.mail)
    same('user', await page.inputValue('#node-input-userid'), brief.mail.user)
    same('password', await page.inputValue('#node-input-password'), '__PWRD__')
    await accept(page)
    await openDialog(page, brief.roles.look)
    await page.locator('#node-input-btn-connectionconfig-edit').click()
    await page.locator('#node-config-input-host').waitFor()
    await settled(page)
    await page.locator('.toban-secret .toban-stored').waitFor()
    same('private key', await page.inputValue('#node-config-input-privateKey'), '__PWRD__')
    await page.locator('#node-config-dialog-cancel').click()
    await page.locator('#node-config-input-host').waitFor({ state: 'detached' })
    await settled(page)
    await accept(page)
    same('something to deploy', await changed(page), false)
  })
}
