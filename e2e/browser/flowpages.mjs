// A flow shows a stranger's script as a page, and the administrator opens it. The
// script tries what the administrator may do.
import { createRequire } from 'node:module'

const { TOBAN_URL: url, TOBAN_PASSWORD: password, CHROMIUM: executablePath, FLOW_PAGES: pages } = process.env
const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core')
const trusted = pages === 'trusted'
const flows = pages && !trusted ? Object.assign(new URL(url), { hostname: pages }).origin : url
const problems = []
const check = (ok, text) => { if (!ok) problems.push(text) }

/** The address of a page with a text, and what else the flow takes from outside. */
const echo = (text, more = {}) => `${flows}/echo?${new URLSearchParams({ text, ...more })}`
const html = '<!doctype html><title>page</title><h1>A page of a flow</h1>'

/** Tries of a script. Each gives what it got hold of, and fails otherwise. */
const tries = {
  'read /flows': async ({ url }) => (await fetch(`${url}/flows`, { credentials: 'include' })).text(),
  'read /flows by XMLHttpRequest': ({ url }) => new Promise((got, fail) => {
    const x = new XMLHttpRequest()
    x.withCredentials = true
    x.onload = () => got(x.responseText)
    x.onerror = () => fail(new Error('no answer'))
    x.open('GET', `${url}/flows`)
    x.send()
  }),
  'read /flows from a worker': ({ url }) => new Promise((got, fail) => {
    const code = `fetch('${url}/flows',{credentials:'include'}).then(r=>r.text()).then(t=>postMessage(t),e=>postMessage(''))`
    const w = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
    w.onmessage = (e) => e.data ? got(e.data) : fail(new Error('refused'))
    w.onerror = fail
  }),
  'script an empty window': async ({ url }) => {
    const w = window.open('about:blank')
    try { return await (await w.fetch(`${url}/flows`, { credentials: 'include' })).text() } finally { w.close() }
  },
  'script a frame of srcdoc': async ({ url }) => {
    const f = document.createElement('iframe')
    f.srcdoc = '<p>'
    await new Promise((go) => { f.onload = go; document.body.append(f) })
    return (await f.contentWindow.fetch(`${url}/flows`, { credentials: 'include' })).text()
  },
  'register a service worker': async ({ script }) => String((await navigator.serviceWorker.register(script)).scope),
  'keep something': async () => { localStorage.setItem('a', 'b'); return `${localStorage.a}${document.cookie}` },
}
/** What not even a trusted page may do. */
const never = {
  'script a window on /': async ({ url }) => {
    const w = window.open(`${url}/runs`)
    try {
      for (let i = 0; i < 60; i++) {
        await new Promise((go) => setTimeout(go, 50))
        if (w.document.readyState === 'complete' && w.location.href !== 'about:blank') return w.document.body.innerHTML
      }
      throw new Error('no document')
    } finally { w.close() }
  },
  'frame /': async ({ url }) => {
    const f = document.createElement('iframe')
    f.src = `${url}/runs`
    await new Promise((go) => { f.onload = go; document.body.append(f) })
    const text = f.contentDocument.body.innerText
    if (!/run|実行/i.test(text)) throw new Error('empty')
    return text
  },
}

const browser = await chromium.launch({ executablePath })
const context = await browser.newContext({ locale: 'en-US' })
context.setDefaultTimeout(60_000)
const page = await context.newPage()
await page.goto(`${url}/runs`)
await page.fill('[name=username]', 'admin')
await page.fill('[name=password]', password)
await page.click('main button')
await page.waitForURL('**/runs')

/** The deployed flows by the administrator's own session. */
const deployed = async () => (await context.request.get(`${url}/flows`)).text()
const before = await deployed()
check(before.includes('Echoes'), `the administrator doesn't see the flows: ${before}`)

/** Runs a try in the page that is open. */
async function attempt(name, tried, succeeds) {
  const script = echo('self.onfetch = () => {}', { type: 'text/javascript' })
  const got = await page.evaluate(tried, { url, script }).then((text) => `got ${String(text).slice(0, 60)}`, (e) => `failed: ${e.message.split('\n')[0]}`)
  console.log(`${pages || 'default'}: ${name}: ${got}`)
  check(got.startsWith('got') === succeeds, `${name}: ${got}`)
}

const documents = {
  html: [html],
  'html under a policy that allows the origin': [html, { csp: 'sandbox allow-scripts allow-same-origin' }],
  'html under policies in one line': [html, { csp: "default-src *, sandbox allow-scripts allow-same-origin; script-src * 'unsafe-inline'" }],
  svg: ['<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', { type: 'image/svg+xml' }],
  xhtml: ['<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', { type: 'text/xml' }],
}
for (const [name, [text, more]] of Object.entries(documents)) {
  await page.goto(echo(text, more))
  const origin = await page.evaluate(() => self.origin)
  check(origin === (pages ? flows : 'null') || trusted, `${name} is of ${origin}`)
  if (!pages) await attempt(`${name}: read /flows`, tries['read /flows'], false)
}

for (const [name, tried] of Object.entries(tries)) {
  await page.goto(echo(html))
  const own = name.startsWith('register') || name.startsWith('keep') // of a host with nothing but flows
  await attempt(name, tried, trusted || (pages !== '' && own))
}
for (const [name, tried] of Object.entries(never)) {
  await page.goto(echo(html))
  await attempt(name, tried, false)
}

// Requests whose answer the script needn't read. A trusted page could deploy.
if (!trusted) {
  await page.goto(echo(html))
  await page.evaluate(({ url }) => fetch(`${url}/flows`, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '[]' }).catch(() => {}), { url })
  await page.goto(echo(`${html}<form method=post action="${url}/flows" enctype=text/plain><input name='[{"id":"x","type":"tab","label":"' value='"}]'></form><script>document.forms[0].submit()</script>`))
  await page.waitForURL(`${url}/flows`)
  check(/forbidden|not allowed|sites?/i.test(await page.textContent('body')), `the form: ${await page.textContent('body')}`)
  await page.goto(echo(html))
  const closed = await page.evaluate(({ url }) => new Promise((go) => {
    const s = new WebSocket(`${url.replace('http', 'ws')}/comms`)
    s.onmessage = (e) => go(`message ${e.data}`)
    s.onclose = () => go('closed')
  }), { url })
  check(closed === 'closed', `the live channel: ${closed}`)
  check(await deployed() === before, 'the flows have changed')
}

// What pages of flows are for still works: scripts, forms, links to the console.
await page.goto(echo(`${html}<form method=post action="/echo"><input name=word value=hello><button>send</button></form>
  <a href="${url}/runs" target=_blank>runs</a><script>document.querySelector('h1').textContent = 'by script'</script>`))
check(await page.textContent('h1') === 'by script', 'the script of the page didn’t run')
const [window] = await Promise.all([context.waitForEvent('page'), page.click('a')])
await window.waitForLoadState()
check(/Runs/.test(await window.title()), `the link to the console: ${window.url()} ${await window.title()}`)
await page.click('button')
await page.waitForFunction(() => document.body.textContent.includes('hello'))
if (pages && !trusted) {
  const answer = await page.goto(`${flows}/flows`)
  check(answer.status() === 403, `the editor's API at the flows' name: ${answer.status()}`)
}

await browser.close()
for (const p of problems) console.log(`PROBLEM ${p}`)
process.exit(problems.length > 0 ? 1 : 0)
