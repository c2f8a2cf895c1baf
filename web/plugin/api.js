/* The server's API. */
(function () {
  'use strict'

  const toban = window.tobanRuns

  async function call(method, path, body, again = true) {
    const answer = await fetch(path, {
      method, credentials: 'same-origin', cache: 'no-store',
      headers: {
        Accept: 'application/json', 'Node-RED-API-Version': 'v2', 'Accept-Language': toban.language(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (answer.status === 401 && again) {
      await toban.session.ask()
      return call(method, path, body, false)
    }
    const content = answer.status === 204 ? null : await answer.json().catch(() => null)
    if (!answer.ok) throw new Error((content && content.message) || toban.t('error.status', { status: answer.status }))
    return content
  }

  const id = encodeURIComponent
  const query = (values) => {
    const set = Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '')
    return set.length > 0 ? '?' + new URLSearchParams(set) : ''
  }

  toban.api = {
    runs: (filter) => call('GET', 'api/runs' + query(filter)),
    run: (run, range) => call('GET', `api/runs/${id(run)}${query(range || {})}`),
    cancel: (run) => call('POST', `api/runs/${id(run)}/cancel`, {}),
    rehearse: (run) => call('POST', `api/runs/${id(run)}/rehearse`, {}),
    revision: (rev) => call('GET', `api/revisions/${id(rev)}`),
    questions: (filter) => call('GET', 'api/questions' + query(filter)),
    problems: () => call('GET', 'api/problems'),
    rehearsal: () => call('GET', 'api/rehearsal'),
    setRehearsal: (tab, on) => call('POST', 'api/rehearsal', { tab, on }),
  }
})()
