// The finished run is stepped through on the canvas.
import { brief } from '../lib/backstage.mjs'
import { changed } from '../lib/editor.mjs'
import { back, drawn, newest, open, player, rows, run, spotOf } from '../lib/runs.mjs'
import { check, same, shot, step } from '../lib/steps.mjs'

const { roles } = brief
const { field } = JSON.parse(brief.flow).find((n) => n.id === roles.look)

export async function replay({ admin: { page } }) {
  let story

  await step('the whole run on the canvas', async () => {
    story = await run(page, (await newest(page)).id)
    await open(page, rows(page).first())
    const visited = new Set(story.steps.map((s) => s.node)).size
    const now = await drawn(page)
    same('nodes with a badge', now.visits, visited)
    same('nodes that are dim', now.ahead, 0)
    check(now.wires >= visited - 2, `${now.wires} wires are marked for ${visited} nodes`)
    same('steps', await page.locator('.toban-step').count(), story.steps.length)
    await shot(page, '10-run')
  })

  await step('each of its buttons has a name, and the keyboard gets there', async () => {
    const lost = await page.evaluate(() => [...document.querySelectorAll('.toban-panel :is(button, a, select), .toban-sidebar :is(button, a, input)')]
      .filter((e) => e.tabIndex < 0 || !(e.getAttribute('aria-label') || e.innerText || e.textContent || e.labels?.[0]?.textContent).trim())
      .map((e) => e.outerHTML))
    same('buttons without a name, or out of reach', lost, [])
  })

  await step('forward, step by step', async () => {
    for (const [index, at] of story.steps.entries()) {
      await player(page, 'step-forward').click()
      await standsAt(page, story, index, at)
    }
    check(await player(page, 'step-forward').isDisabled(), 'one can go further than the end')
  })

  await step('backward, and by the keyboard', async () => {
    const last = story.steps.length - 1
    await player(page, 'step-backward').click()
    await standsAt(page, story, last - 1, story.steps[last - 1])
    await page.keyboard.press('ArrowLeft')
    await standsAt(page, story, last - 2, story.steps[last - 2])
    await page.keyboard.press('Home')
    await standsAt(page, story, 0, story.steps[0])
    await page.keyboard.press('ArrowRight')
    await standsAt(page, story, 1, story.steps[1])
  })

  await step('a step has its input and its output', async () => {
    const index = story.steps.findIndex((s) => s.node === roles.look)
    await page.locator(`.toban-step[data-index="${index}"]`).click()
    const values = page.locator('.toban-detail .toban-values')
    same('values', await values.count(), 2)
    check((await values.nth(0).innerText()).includes(brief.instance), 'the input has no instance')
    await values.nth(1).locator('.red-ui-debug-msg-object-key:visible', { hasText: field }).last().click()
    await values.nth(1).locator('.red-ui-debug-msg-object-key', { hasText: 'stdout' }).waitFor()
    await shot(page, '11-step')
  })

  await step('who answered is said', async () => {
    const index = story.steps.findIndex((s) => s.node === roles.ask)
    await page.locator(`.toban-step[data-index="${index}"]`).click()
    const box = await page.locator('.toban-detail .toban-box').innerText()
    check(/hana|Hana/.test(box), `it says ${box}`)
  })

  await step('a click on a node of the canvas goes to its step', async () => {
    const index = story.steps.findIndex((s) => s.node === roles.tell)
    await page.locator(`#red-ui-workspace-chart g[id="${roles.tell}"] rect.red-ui-flow-node`).click({ force: true })
    await page.locator(`.toban-step[data-index="${index}"][aria-current]`).waitFor()
  })

  await step('looking changes nothing, and closing cleans up', async () => {
    same('something to deploy', await changed(page), false)
    await back(page)
    same('marks on the canvas', await page.locator('.toban-visit, .toban-taken').count(), 0)
  })
}

/** Checks that list, canvas and details show the same step. */
async function standsAt(page, story, index, at) {
  await page.locator(`.toban-step[data-index="${index}"][aria-current]`).waitFor()
  const spot = await spotOf(page, at.node)
  await page.waitForFunction((place) => [...document.querySelectorAll('.toban-visit.toban-now')].some((g) => g.getAttribute('transform') === place), spot)
  const now = await drawn(page)
  same(`where the run stands at step ${index + 1}`, [now.place, now.now], [`${index + 1} / ${story.steps.length}`, [spot]])
  check(now.title.startsWith(`${index + 1}. ${at.nodeName || at.type}`), `the details are of ${now.title}`)
  const reached = new Set(story.steps.slice(0, index + 1).map((s) => s.node)).size
  same(`nodes reached at step ${index + 1}`, now.visits - now.ahead, reached)
}
