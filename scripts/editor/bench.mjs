// Time from opening the editor to usable, and to the first draw of a large tab,
// for Toban and for Node-RED with the same flow, in turns.
// usage: bench.mjs TOBAN NODE_RED_DIR (with node-red and node installed; "" leaves it out)
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from '../../web/node_modules/playwright-core/index.mjs'

const [toban, nodeRed] = process.argv.slice(2)
const rounds = Number(process.env.ROUNDS ?? 5)
const password = 'the-password-of-the-bench'
const cases = [
  { name: '20 nodes', file: tab('t', 20) },
  { name: '1000 nodes on a tab', file: tab('t', 1000) },
  { name: '100 tabs of 20 nodes', file: Array.from({ length: 100 }, (_, i) => tab(`t${i}`, 20)).flat() },
]

// tab is a tab of n nodes in rows of twenty, wired along the rows.
function tab(id, n) {
  const nodes = [{ id, type: 'tab', label: id, disabled: true }]
  for (let i = 0; i < n; i++) {
    nodes.push({
      id: `${id}n${i}`, type: 'change', z: id, name: `node ${i}`, rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'x', tot: 'str' }],
      x: 120 + (i % 20) * 180, y: 60 + Math.floor(i / 20) * 40, wires: [i % 20 < 19 && i + 1 < n ? [`${id}n${i + 1}`] : []],
    })
  }
  return nodes
}

async function start(name, file) {
  const data = await mkdtemp(path.join(tmpdir(), 'toban-bench-editor-'))
  await writeFile(path.join(data, 'flows.json'), JSON.stringify(file))
  await writeFile(path.join(data, 'settings.js'), 'module.exports = { editorTheme: { tours: false }, telemetry: { enabled: false } }')
  const port = name === 'toban' ? 18191 : 18192
  const env = { ...process.env, TOBAN_ADMIN_PASSWORD: password }
  const child = name === 'toban'
    ? spawn(toban, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { env, stdio: 'ignore' })
    : spawn(path.join(nodeRed, 'node_modules/.bin/node'), [path.join(nodeRed, 'node_modules/node-red/red.js'),
      '--userDir', data, '--settings', path.join(data, 'settings.js'), '--port', String(port), 'flows.json'], { env, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/`
  while (!(await fetch(url).then(() => true, () => false))) await new Promise((done) => setTimeout(done, 50))
  const stop = async () => { // the folder goes when nobody writes to it any more
    child.kill('SIGTERM')
    await new Promise((done) => child.once('exit', done))
    await rm(data, { recursive: true })
  }
  return { name, url, stop }
}

// visit opens the editor twice in a fresh browser profile: cold, then warm.
async function visit(browser, server) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: 'en-US' })
  try {
    if (server.name === 'toban') {
      const answer = await context.request.post(`${server.url}auth/session`, { data: { username: 'admin', password } })
      if (!answer.ok()) throw new Error(`sign in: ${answer.status()}`)
    }
    const page = await context.newPage()
    const times = []
    for (let visits = 0; visits < 2; visits++) {
      const began = performance.now()
      await page.goto(server.url, { waitUntil: 'commit' })
      await page.waitForFunction(usable, null, { timeout: 60_000 })
      times.push(performance.now() - began)
    }
    return times
  } finally {
    await context.close()
  }
}

// usable: the palette and the flow are drawn, and the curtain is gone.
function usable() {
  const curtain = document.querySelector('#red-ui-loading-progress')
  return curtain !== null && getComputedStyle(curtain).display === 'none' &&
    document.querySelector('.red-ui-palette-node') !== null && document.querySelector('.red-ui-flow-node-group') !== null
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const { name: what, file } of cases) {
  const servers = []
  for (const name of nodeRed ? ['toban', 'node-red'] : ['toban']) servers.push(await start(name, file))
  const times = Object.fromEntries(servers.map((s) => [s.name, { cold: [], warm: [] }]))
  for (const s of servers) await visit(browser, s) // so that nobody pays for the first
  for (let i = 0; i < rounds; i++) {
    for (const s of servers) {
      const [cold, warm] = await visit(browser, s)
      times[s.name].cold.push(cold)
      times[s.name].warm.push(warm)
    }
  }
  for (const kind of ['cold', 'warm']) {
    const ms = servers.map((s) => [s.name, median(times[s.name][kind])])
    const ratio = ms.length > 1 ? `, ratio ${(ms[0][1] / ms[1][1]).toFixed(2)}` : ''
    console.log(`${what}, ${kind}: ${ms.map(([name, t]) => `${name} ${t.toFixed(0)} ms`).join(', ')}${ratio}`)
  }
  for (const s of servers) await s.stop()
}
await browser.close()
