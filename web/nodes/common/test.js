// The button that tries a connection as the dialog describes it, saved or not.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})
  const patience = 60_000 // ms; the server gives up sooner

  /**
   * Puts the button and a place for results into a dialog's .toban-test.
   * @param {object} node the edited node
   */
  Toban.testButton = (node) => {
    const place = document.querySelector(`[data-toban-test="${node.type}"]`)
    const results = Toban.element('div', { class: 'toban-results', 'aria-live': 'polite' })
    const button = Toban.button(Toban.text('test.start'), () => run(node, button, results), 'fa-plug', 'large')
    place.replaceChildren(button, results)
  }

  // run tries once; the button keeps the focus meanwhile, so it is not really disabled.
  async function run(node, button, results) {
    if (button.getAttribute('aria-disabled') === 'true') return
    button.setAttribute('aria-disabled', 'true')
    button.classList.add('disabled')
    say(results, Toban.text('test.running'), 'running')
    try {
      const answer = await post(`api/test/${node.type.replace(/\s+/g, '-')}`, question(node))
      show(node, answer, button, results)
    } catch (failed) {
      say(results, reason(failed), 'failed')
    } finally {
      button.removeAttribute('aria-disabled')
      button.classList.remove('disabled')
    }
  }

  // The editor's own ajax set-up adds the headers that the server wants.
  const post = (url, data) => $.ajax({
    url, method: 'POST', contentType: 'application/json', data: JSON.stringify(data), timeout: patience,
  })

  function question(node) {
    const values = (fields) => Object.fromEntries(Object.keys(fields ?? {}).map((property) => [property, valueOf(node, property, fields[property])]))
    return { id: node.id, props: values(node._def.defaults), credentials: credentials(node, values(node._def.credentials)) }
  }

  function valueOf(node, property, field) {
    const value = Toban.value(node, property)
    return field.type && RED.nodes.getType(field.type) && value === '_ADD_' ? '' : value
  }

  // credentials that have no field in the dialog stay as they are stored.
  const credentials = (node, values) => Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Toban.input(node, name).length > 0 ? value : '__PWRD__']))

  function reason(failed) {
    const detail = failed.responseJSON?.message
    if (detail) return detail
    if (failed.status === 401) return Toban.text('test.signedOut')
    if (failed.status === 403) return Toban.text('test.forbidden')
    return failed.status > 0 ? Toban.text('test.status', { status: failed.status }) : Toban.text('test.unreachable')
  }

  function say(results, text, kind) {
    results.replaceChildren(Toban.element('p', { class: `toban-${kind}` }, text))
  }

  function show(node, answer, button, results) {
    const key = answer.hostKey
    const newKey = key && !key.known && !key.changed
    const wrong = (answer.findings ?? []).some(({ ok, warning }) => !ok && !warning)
    if (answer.ok) say(results, Toban.text('test.ok'), 'passed')
    else if (newKey && !wrong) say(results, Toban.text('test.newKey'), 'next')
    else say(results, Toban.text('test.failed'), 'failed')
    const list = Toban.element('ul', { class: 'toban-findings' })
    list.append(...(answer.findings ?? []).map(finding))
    results.append(list)
    if (newKey) results.append(hostKey(key, () => { button.focus(); run(node, button, results) }, results))
    results.scrollIntoView({ block: 'nearest' })
  }

  function finding({ what, ok, warning, message }) {
    const kind = warning ? 'warning' : ok ? 'passed' : 'failed'
    const [icon, meaning] = {
      failed: ['fa-times', 'test.wrong'], warning: ['fa-exclamation-triangle', 'test.warning'], passed: ['fa-check', 'test.passed'],
    }[kind]
    return Toban.element('li', { class: `toban-${kind}` },
      Toban.element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }),
      Toban.element('span', { class: 'toban-unseen' }, Toban.text(meaning)),
      Toban.element('strong', {}, what ?? ''), message ? ` ${message}` : '')
  }

  // hostKey shows a host's key and lets a person trust it.
  function hostKey(key, again, results) {
    const box = Toban.element('div', { class: 'toban-host-key' },
      Toban.element('p', {}, Toban.text('test.hostKey', { host: key.host, port: key.port })),
      Toban.element('p', {}, `${key.algorithm} `, Toban.element('code', {}, key.fingerprint)))
    const button = Toban.button(Toban.text('test.pin'), async () => {
      button.disabled = true
      try {
        await post('api/pin', { host: key.host, port: key.port, fingerprint: key.fingerprint })
        again()
      } catch (failed) {
        say(results, reason(failed), 'failed')
      }
    }, 'fa-thumb-tack')
    box.append(button)
    return box
  }
})()
