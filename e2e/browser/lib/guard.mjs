// Nothing may go wrong behind a page's back: no error on its console, no policy
// violation, no failed request, none to another host.
import { brief } from './backstage.mjs'

// The editor shows its first tip a second after its settings are read, also
// where a slow machine has not built the box for it by then. It goes on without.
const harmless = [/exception: TypeError: Cannot read properties of undefined \(reading 'html'\)\n\s+at \w+ \(\S+\/red\/red\.min\.js/]

/** Watches all pages of a context. */
export function guard(context, who) {
  const problems = []
  const expected = []
  const own = new URL(brief.url).host
  const note = (kind, text) => {
    const line = `${who}: ${kind}: ${text}`
    if (![...harmless, ...expected].some((pattern) => pattern.test(line))) problems.push(line)
  }

  context.on('console', (message) => {
    if (message.type() === 'error') note('console', `${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => note('exception', error.error().stack))
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.host !== own && !['data:', 'blob:', 'about:'].includes(url.protocol)) note('another host', request.url())
  })
  context.on('response', (response) => {
    if (response.status() >= 400) note('response', `${response.status()} ${response.request().method()} ${response.url()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    if (reason !== 'net::ERR_ABORTED') note('request', `${reason} ${request.method()} ${request.url()}`) // the page was left
  })

  return {
    /** Allows what matches while act runs. */
    async expecting(patterns, act) {
      expected.push(...patterns)
      try {
        return await act()
      } finally {
        // News of the pages come in order: after an answer, all of before are in.
        await Promise.all(context.pages().map((page) => page.evaluate(() => 0).catch(() => 0)))
        expected.splice(expected.length - patterns.length, patterns.length)
      }
    },
    /** Fails if something went wrong so far. */
    clean() {
      if (problems.length > 0) throw new Error(`behind the page's back:\n  ${problems.join('\n  ')}`)
    },
  }
}
