// Rehearsals: a run again, and all runs of a tab. Nothing is executed.
import { ask, brief } from '../lib/backstage.mjs'
import { awaitStatus } from '../lib/canvas.mjs'
import { back, newest, open, rows, run, show } from '../lib/runs.mjs'
import { check, same, shot, step, until } from '../lib/steps.mjs'
import { say } from '../lib/words.mjs'

const { roles } = brief

export async function rehearse({ admin: { page } }) {
  const before = await ask('calls')

  await step('the run once more, as a rehearsal', async () => {
    const old = await newest(page)
    await show(page)
    await open(page, rows(page).first())
    await page.locator('.toban-head button:has(i.fa-repeat)').click()
    await page.locator('.toban-head .toban-rehearsal-mark').waitFor()
    await until('the new run', async () => (await newest(page)).id !== old.id)
    await awaitStatus(page, roles.ask, say.timeLeft)
  })

  await step('approved, it ends without having done anything', async () => {
    await ask('press', { value: 'yes' })
    await page.locator('.toban-head .toban-is-done').waitFor()
    const { steps, rehearsal } = await run(page, (await newest(page)).id)
    same('rehearsal', rehearsal, true)
    for (const id of [roles.look, roles.stop, roles.start]) {
      const found = steps.find((s) => s.node === id)
      same(`the step at ${id}`, found?.status, 'previewed')
    }
    same('what EC2 was asked', await ask('calls'), before)
  })

  await step('its path shows what would have been executed', async () => {
    const { steps } = await run(page, (await newest(page)).id)
    const index = steps.findIndex((s) => s.node === roles.stop)
    await page.locator(`.toban-step[data-index="${index}"] .toban-is-preview`).waitFor()
    await page.locator(`.toban-step[data-index="${index}"]`).click()
    const box = await page.locator('.toban-detail .toban-box').innerText()
    check(box.includes('stop-instances') && box.includes(brief.instance), `it shows ${box}`)
    await shot(page, '12-rehearsed')
    await back(page)
  })

  await step('the tab is switched to rehearsal', async () => {
    await page.locator('#toban-rehearsal').check()
    await page.locator('.toban-ribbon:visible').waitFor()
    await ask('mail')
    await awaitStatus(page, roles.ask, say.timeLeft)
    await rows(page).nth(2).waitFor()
    await rows(page).first().locator('.toban-rehearsal-mark').waitFor()
    await shot(page, '13-rehearsal')
    await ask('press', { value: 'no' })
    await rows(page).first().locator('.toban-is-done').waitFor()
    same('runs', await rows(page).count(), 3)
    same('what EC2 was asked', await ask('calls'), before)
  })

  await step('switched back, which is asked about, the mail that was only looked at is taken for real', async () => {
    const question = page.locator('.red-ui-notification:visible')
    await page.locator('#toban-rehearsal').click()
    await question.waitFor()
    await shot(page, '13-switch-off')
    await question.locator('button').first().click()
    await question.waitFor({ state: 'hidden' })
    check(await page.locator('#toban-rehearsal').isChecked() && await page.locator('.toban-ribbon').isVisible(), 'kept, it is off')
    await page.locator('#toban-rehearsal').click()
    await question.locator('button').last().click()
    await page.locator('.toban-ribbon').waitFor({ state: 'hidden' })
    await awaitStatus(page, roles.ask, say.timeLeft)
    await rows(page).nth(3).waitFor()
    await ask('press', { value: 'no' })
    await rows(page).first().locator('.toban-is-done').waitFor()
    same('marks of a rehearsal', await rows(page).first().locator('.toban-rehearsal-mark').count(), 0)
    same('runs', await rows(page).count(), 4)
  })
}
