// The browser, and the windows of the people in the story.
import { createRequire } from 'node:module'
import { brief } from './backstage.mjs'
import { guard } from './guard.mjs'
import { watch } from './steps.mjs'

// playwright-core is installed with the editor's packages.
const { chromium } = createRequire(new URL('../../../web/package.json', import.meta.url))('playwright-core')

export const locale = { ja: 'ja-JP', en: 'en-US' }[brief.lang]

export const browser = await chromium.launch({ executablePath: brief.chromium })

/** Opens a person's window: their own cookies, watched. */
export async function person(name) {
  const context = await browser.newContext({
    locale, viewport: { width: 1280, height: 800 }, baseURL: brief.url, permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(60_000) // a busy machine is no failure
  const watching = guard(context, name)
  const page = await context.newPage()
  watch(page)
  return { name, context, page, guard: watching }
}

/** Ends it all, whatever happened. */
export const close = () => browser.close()

process.on('SIGTERM', () => close().finally(() => process.exit(1)))
