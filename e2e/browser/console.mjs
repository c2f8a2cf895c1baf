// Looks at the console's pages as the person on duty does, and has axe look too.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { TOBAN_URL: url, TOBAN_PASSWORD: password, CHROMIUM: executablePath, PAGE_LANG: lang, SHOTS: shots } = process.env
const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } }
const problems = []

const check = (ok, text) => { if (!ok) problems.push(text) }

/** Signs in by the page, in a window of a size. */
async function signedIn(browser, size, options = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: { ja: 'ja-JP', en: 'en-US' }[lang], isMobile: size === 'phone', hasTouch: size === 'phone', ...options })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  page.on('pageerror', (e) => problems.push(`${page.url()}: ${e}`))
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(m.text())) problems.push(`${page.url()}: ${m.text()}`) })
  await page.goto(`${url}/runs`)
  await page.fill('[name=username]', 'admin')
  await page.fill('[name=password]', password)
  await page.click('main button')
  await page.waitForURL('**/runs')
  return page
}

/** Has axe and a ruler look at a page. CSP forbids scripts of others, so axe comes by the debugger. */
async function inspect(page, name) {
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  await page.evaluate(() => window.scrollTo(0, 0)) // nothing lies under the head
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Runtime.evaluate', { expression: axe })
  const found = await cdp.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.target + ' ' + n.failureSummary).join(' | '))))`,
    awaitPromise: true, returnByValue: true,
  })
  for (const text of JSON.parse(found.result.value)) problems.push(`${name}: axe: ${text}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  check(wide <= 0, `${name} is ${wide} px wider than the window`)
  const broken = await page.evaluate(() => Boolean(window.broken) || document.querySelector('main script, main img[src=x]') !== null)
  check(!broken, `${name}: a mail's subject became markup`)
  const spoken = await page.evaluate(() => document.documentElement.lang)
  check(spoken === lang, `${name} is in ${spoken}`)
}

/** Goes to the run whose row has a text. */
async function openRun(page, text) {
  await page.goto(`${url}/runs`)
  await page.locator('.run', { hasText: text }).first().locator('a').click()
  await page.waitForURL('**/runs/*')
}

async function look(browser, size) {
  const page = await signedIn(browser, size)
  const shown = (name) => inspect(page, `${name}-${size}`)
  await page.locator('.run').nth(9).waitFor()
  await shown('runs')
  await page.goto(`${url}/runs?status=failed&period=day`)
  check(await page.locator('.run').count() === 1, 'the filters find the failed run')
  await shown('runs-filtered')
  await page.goto(`${url}/runs?text=nothing-has-this`)
  await shown('runs-none')
  await page.goto(`${url}/questions`)
  check(await page.locator('.question.open').count() === 5, `${await page.locator('.question.open').count()} open questions are shown, not 5`)
  await page.locator('.confirm summary').first().click()
  await shown('questions')
  for (const [name, text] of [['run-hostile', 'a-subject-without'], ['run-failed', 'in-error'], ['run-branches', 'in-branch'], ['run-long', 'in-loop'], ['run-rehearsal', 'in-command'], ['run-held', 'in-hold'], ['run-waiting', 'in-confirm'], ['run-done', 'Maintenance Scheduled']]) {
    await openRun(page, text)
    for (const details of (await page.locator('.step details').all()).slice(0, 6)) {
      if (await details.getAttribute('open') === null) await details.locator('summary').click()
    }
    await shown(name)
  }
  await page.goto(`${url}/runs/no-such-run`)
  await shown('run-unknown')
  for (const d of await page.locator('.menu').all()) await d.locator('summary').click()
  await shown('menu')
  if (size === 'phone') { // the same at night
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${url}/questions`)
    await shown('questions-dark')
    await page.goto(`${url}/runs`)
    await shown('runs-dark')
    await openRun(page, 'Maintenance Scheduled')
    await shown('run-done-dark')
  }
  await page.context().close()
}

/** A page that is open follows what happens; a decision in one window shows in the other. */
async function live(browser) {
  const watching = await signedIn(browser, 'desk')
  await watching.goto(`${url}/questions`)
  const acting = await signedIn(browser, 'phone', { javaScriptEnabled: false })
  await openRun(acting, 'in-confirm')
  const before = await watching.locator('.question.open').count()
  await watching.evaluate(() => { window.stays = true })
  await acting.locator('.question.open button.primary').click()
  await acting.locator('.talk .outcome').waitFor()
  await watching.waitForFunction((n) => document.querySelectorAll('.question.open').length === n - 1, before)
  check(await watching.evaluate(() => window.stays), 'the watching page was loaded anew')
  await openRun(acting, 'a-subject-without')
  await acting.locator('#cancel summary').click()
  await acting.locator('#cancel button').click()
  await acting.locator('.facts .status.off').first().waitFor()
  await newcomers(watching)
}

/** A run that begins shows above the others and moves nothing; a lost server is told, and forgotten once it is back. */
async function newcomers(page) {
  await page.setViewportSize({ width: 390, height: 600 })
  await page.goto(`${url}/runs`)
  const rows = page.locator('.run')
  const count = await rows.count()
  const held = rows.nth(6)
  await held.scrollIntoViewIfNeeded()
  await page.mouse.wheel(0, 200)
  await page.waitForFunction(() => window.scrollY > 300)
  await page.locator('#filters summary').evaluate((el) => el.parentElement.setAttribute('open', ''))
  const id = await held.getAttribute('id')
  const top = () => page.locator(`#${id}`).evaluate((el) => el.getBoundingClientRect().top)
  const before = await top()
  await page.evaluate(() => fetch('/inject/in-branch', { method: 'POST' }))
  await page.waitForFunction((n) => document.querySelectorAll('.run').length === n + 1, count)
  check(Math.abs(await top() - before) < 3, `the list moved by ${await top() - before} px`)
  check(await page.locator('#filters').getAttribute('open') !== null, 'what was opened was closed')
  check((await page.locator('#news').textContent()).includes('1'), 'the new run is not announced')
  await page.context().setOffline(true)
  await page.locator('#lost').waitFor({ state: 'visible' })
  await page.context().setOffline(false)
  await page.locator('#lost').waitFor({ state: 'hidden' })
  await page.context().clearCookies()
  await page.locator('#signed-out').waitFor({ state: 'visible' })
  await page.locator('#signed-out a').click()
  await page.locator('[name=username]').waitFor()
}

/** A page that is left open, and isn't fetched again, still says how long ago things were, and how long there is time. */
async function ticks(browser) {
  const page = await signedIn(browser, 'phone')
  await page.clock.install()
  await openRun(page, 'in-error')
  const ago = page.locator('.facts .ago').first()
  await page.clock.fastForward('03:00:00')
  const said = await ago.textContent()
  check(said === { ja: '3 時間前', en: '3 h ago' }[lang], `three hours later it says ${said}`)
  await page.goto(`${url}/questions`)
  const left = page.locator('.question .left').last()
  check(/^(残り )?\d+( min left| 分)$/.test(await left.textContent()), `the deadline: ${await left.textContent()}`)
  await page.context().setOffline(true)
  await page.clock.fastForward('00:46:00')
  check(await left.textContent() === { ja: '期限を過ぎています', en: 'time is up' }[lang], `after the deadline it says ${await left.textContent()}`)
  await page.context().close()
}

const browser = await chromium.launch({ executablePath })
try {
  for (const size of Object.keys(sizes)) await look(browser, size)
  await ticks(browser)
  await live(browser)
} catch (problem) {
  problems.push(String(problem.stack))
}
await browser.close()
for (const text of problems) console.log(text)
process.exitCode = problems.length > 0 ? 1 : 0
