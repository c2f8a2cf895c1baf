/*
 * A deploy that would end open questions or held messages is refused with a list.
 * Whoever deploys is asked here; the editor itself only sees how it came out,
 * because it takes every refusal (409) for another revision. It shows what else
 * the server says against a deploy as it stands, so it gets a text here.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  const statusKept = 'kept' // of the answer that we make when a deploy is dropped

  let closeLast = () => {} // takes away what the last deploy failed with

  const isDeploy = (options) => options.type === 'POST' && /(^|\/)flows$/.test(options.url.split('?')[0])

  /** Sends the deploy, asks if it must, and gives what the editor is to see. */
  async function deploy(options, headers, signal) {
    let answer = await send(options, headers, signal)
    const refused = answer.status === 409 ? await answer.clone().json().catch(() => ({})) : {}
    if (refused.code !== 'ends_open') return answer
    if (!(await agreed(refused.ends))) return Response.json({ message: t('deploy.kept') }, { status: 400, statusText: statusKept })
    answer = await send(options, { ...headers, 'Toban-End-Open': 'true' }, signal)
    return answer
  }

  const send = (options, headers, signal) => fetch(options.url, {
    method: 'POST', credentials: 'same-origin', headers, body: options.data, signal,
  })

  /** What went wrong, as the editor takes it: a text in markup. */
  async function reason(answer) {
    const { message } = await answer.json().catch(() => ({}))
    const line = document.createElement('span')
    line.textContent = message || t('error.status', { status: answer.status })
    return line.innerHTML.replaceAll('\n', '<br>')
  }

  /** A failure stays until somebody has read it. */
  function hold(event, xhr, request) {
    if (!isDeploy(request) || [401, 409].includes(xhr.status) || xhr.statusText === statusKept) return
    closeLast = toban.adapter.holdError(t('problems.close'))
  }

  /** Asks whether what is open may end. */
  function agreed(ends) {
    return new Promise((resolve) => {
      const decide = (yes) => { notice.close(); resolve(yes) }
      const notice = RED.notify(el('div.toban-problems', {},
        el('p', {}, t('deploy.ends')), el('ul', {}, ...ends.map(line))), {
        modal: true, fixed: true, type: 'warning',
        buttons: [
          { text: t('deploy.keep'), click: () => decide(false) },
          { text: t('deploy.end'), class: 'primary', click: () => decide(true) },
        ],
      })
    })
  }

  function line(end) {
    const what = []
    if (end.questions > 0) what.push(t('deploy.questions', { n: end.questions }))
    if (end.held > 0) what.push(t('deploy.held', { n: end.held }))
    const name = [end.name || end.type, end.flow ? toban.adapter.tabName(end.flow) : ''].filter(Boolean).join(' · ')
    return el('li', {}, el('strong', {}, name), ' ', t(end.deleted ? 'deploy.deleted' : 'deploy.changed'), ': ', what.join(', '))
  }

  toban.deploy = {
    watch() {
      $(document).on('ajaxError', hold)
      $.ajaxTransport('+*', (options) => {
        if (!isDeploy(options)) return undefined
        const stop = new AbortController()
        return {
          send(headers, complete) {
            closeLast()
            closeLast = () => {}
            deploy(options, headers, stop.signal).then(async (answer) => {
              const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n')
              const text = await (answer.ok ? answer.text() : reason(answer))
              complete(answer.status, answer.statusText, { text }, lines)
            }).catch(() => complete(0, 'error'))
          },
          abort: () => stop.abort(),
        }
      })
    },
  }
})()
