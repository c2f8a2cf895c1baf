/*
 * A session may end while somebody edits. Then one signs in here, in place: the
 * edit stays as it is, and the next deploy works again.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban
  const silence = 20000 // ms without a heartbeat (they come every 15 s) until we look why

  let dialog = null
  let waiting = null // the promise that resolves once signed in
  let heard = Date.now()

  /** Asks for the password until it is right. Resolves once signed in; rejects if given up. */
  function ask() {
    if (!waiting) {
      waiting = new Promise((resolve, reject) => open(resolve, reject)).finally(() => {
        dialog.remove()
        dialog = waiting = null
      })
    }
    return waiting
  }

  function open(resolve, reject) {
    const user = el('input', { id: 'toban-user', name: 'username', autocomplete: 'username', required: true })
    const password = el('input', { id: 'toban-password', name: 'password', type: 'password', autocomplete: 'current-password', required: true })
    const message = el('p.toban-session-error', { role: 'alert' })
    const button = el('button.red-ui-button.primary', { type: 'submit' }, t('session.signIn'))
    user.value = (RED.settings.user && RED.settings.user.username) || ''
    const form = el('form', { method: 'dialog', submit: send },
      el('h2', { id: 'toban-session-title' }, t('session.title')),
      el('p', {}, t('session.why')),
      el('label', { for: 'toban-user' }, t('session.user')), user,
      el('label', { for: 'toban-password' }, t('session.password')), password,
      message,
      el('div.toban-session-buttons', {},
        el('button.red-ui-button', { type: 'button', click: () => dialog.close() }, t('session.later')), button))
    dialog = el('dialog.toban-session', { 'aria-labelledby': 'toban-session-title', close: () => reject(new Error(t('session.why'))) }, form)
    // Keys typed here are not the editor's shortcuts.
    dialog.addEventListener('keydown', (event) => event.stopPropagation())
    document.body.append(dialog)
    dialog.showModal()
    ;(user.value ? password : user).focus()

    async function send(event) {
      event.preventDefault()
      button.disabled = true
      const problem = await signIn(user.value, password.value)
      button.disabled = false
      if (problem === null) {
        RED.notify(t('session.back'), { type: 'success', timeout: 4000 })
        resolve()
        dialog.close()
        return
      }
      message.textContent = problem
      password.select()
    }
  }

  /** Signs in; gives null, or what to tell. */
  async function signIn(username, password) {
    try {
      const answer = await fetch('auth/session', {
        method: 'POST', credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json', 'Node-RED-API-Version': 'v2', 'Accept-Language': toban.language() },
        body: JSON.stringify({ username, password }),
      })
      if (answer.ok) return null
      const body = await answer.json().catch(() => ({}))
      return body.message || t('session.refused')
    } catch {
      return t('session.unreachable')
    }
  }

  /** Looks whether a silent channel means a session that ended. */
  async function probe() {
    const answer = await fetch('api/rehearsal', { credentials: 'same-origin' }).catch(() => null)
    if (answer && answer.status === 401) ask().catch(() => {})
    heard = Date.now()
  }

  /** The language that the editor speaks. */
  toban.language = () => localStorage.getItem('editor-language') || RED.i18n.detectLanguage() || 'en-US'

  toban.session = {
    ask,
    watch() {
      $(document).on('ajaxError', (event, xhr, request) => {
        const ours = !/^\w+:/.test(request.url) && !/^auth\//.test(request.url)
        if (xhr.status === 401 && ours) ask().catch(() => {})
      })
      RED.comms.subscribe('hb', () => { heard = Date.now() })
      const look = () => { if (!waiting && Date.now() - heard > silence) probe() }
      setInterval(look, 5000)
      document.addEventListener('visibilitychange', () => { if (!document.hidden) look() })
    },
  }
})()
