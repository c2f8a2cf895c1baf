// Mailbox and host are set up in their dialogs, and tried there.
import { brief } from '../lib/backstage.mjs'
import { accept, fill, openDialog, settled } from '../lib/canvas.mjs'
import { paste } from '../lib/editor.mjs'
import { same, shot, step } from '../lib/steps.mjs'

const { mail, host, roles } = brief

/** What is set here; the rest of the flow stays as it was imported. */
export const configured = {
  [roles.mail]: { server: mail.server, port: String(mail.port), repeat: '2' },
  [roles.host]: { host: host.host, port: String(host.port), username: host.user },
}

export async function configure({ admin: { page } }) {
  await step('the mailbox', async () => {
    await openDialog(page, roles.mail)
    await fill(page, {
      'node-input-server': mail.server, 'node-input-port': mail.port, 'node-input-userid': mail.user,
      'node-input-password': mail.password, 'node-input-repeat': 2,
    })
    await shot(page, '04-mailbox')
  })

  await step('the mailbox is tried', async () => {
    await page.locator('[data-toban-test="e-mail in"] button').click()
    await page.locator('[data-toban-test="e-mail in"] .toban-results > .toban-passed').waitFor()
    await accept(page)
  })

  await step('the host, from the dialog of a command', async () => {
    await openDialog(page, roles.look)
    await page.locator('#node-input-btn-connectionconfig-edit').click()
    await page.locator('#node-config-input-host').waitFor()
    await settled(page)
    await fill(page, {
      'node-config-input-host': host.host, 'node-config-input-port': host.port, 'node-config-input-username': host.user,
    })
    // As a mail program on Windows would have it.
    await paste(page, '#node-config-input-privateKey', host.key.replaceAll('\n', '\r\n'))
    await page.waitForFunction((key) => document.getElementById('node-config-input-privateKey').value === key, host.key)
    await shot(page, '05-host')
  })

  await step('its key is shown and pinned', async () => {
    const place = page.locator('[data-toban-test="connection"]')
    await place.locator('button').first().click()
    const key = place.locator('.toban-host-key')
    await key.waitFor()
    same('what a new key has wrong', await place.locator('.toban-failed').count(), 0)
    same('the next step', await place.locator('.toban-results > .toban-next').count(), 1)
    await shot(page, '06-host-key')
    await key.locator('button').click()
    await place.locator('.toban-results > .toban-passed').waitFor()
    same('questions about the key', await key.count(), 0)
    await shot(page, '07-host-tried')
  })

  await step('both dialogs are accepted', async () => {
    await page.locator('#node-config-dialog-ok').click()
    await page.locator('#node-config-input-host').waitFor({ state: 'detached' })
    await settled(page)
    await accept(page)
  })
}
