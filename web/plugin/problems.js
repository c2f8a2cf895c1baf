/*
 * What the server says is wrong with the deployed flow. A deploy tells of it:
 * what doesn't work stays in sight until it is closed, hints go by themselves.
 * All of it stands in the sidebar (problemlist.js).
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban
  const most = 5 // lines in the notification
  const glance = 8000 // ms

  const changed = toban.signal()
  let found = []
  let taken = 0 // counts lists, so that one that was read before a deploy doesn't come after it
  let shown = null

  function take(problems) {
    taken++
    found = problems
    changed.emit()
  }

  async function load() {
    const turn = taken
    const { problems } = await toban.api.problems()
    if (turn === taken) take(problems)
  }

  const loadSoon = toban.later(500, () => load().catch(() => {}))

  /** Tells of the problems of a deploy. */
  function tell() {
    if (shown) shown.close()
    shown = null
    const broken = found.filter((problem) => !problem.warning)
    if (broken.length > 0) shown = tellBroken(broken)
    else if (found.length > 0) shown = tellHints(found.length)
  }

  function tellBroken(broken) {
    const content = el('div.toban-problems', {},
      el('p', {}, t('problems.failed', { n: broken.length })),
      el('ul', {}, ...broken.slice(0, most).map((problem) => el('li', {}, nameOf(problem), ': ', problem.message))),
      broken.length > most ? el('p', {}, t('problems.more', { n: broken.length - most })) : null)
    const notice = RED.notify(content, {
      type: 'error', fixed: true,
      buttons: [
        { text: t('problems.close'), click: () => notice.close() },
        { text: t('problems.show'), class: 'primary', click: () => { notice.close(); toban.problemList.show() } },
      ],
    })
    return notice
  }

  // A button of the notification's own would take the keys from the canvas.
  const tellHints = (n) => RED.notify(el('div.toban-hints', {}, el('p', {}, t('problems.hints', { n })),
    el('button.red-ui-button.red-ui-button-small', { type: 'button', click: () => toban.problemList.show() }, t('problems.show'))),
  { type: 'warning', timeout: glance })

  /** A problem's node as people know it: an element that leads there, if it is on the canvas. */
  function nameOf(problem) {
    const [id] = problem.node ? toban.ids.way(problem.node, toban.adapter.world) : []
    const name = [problem.name || problem.type || problem.node, problem.flow ? toban.adapter.tabName(problem.flow) : ''].filter(Boolean).join(' · ')
    if (!id) return el('strong', {}, name)
    return el('a', { href: '#', click: (event) => { event.preventDefault(); toban.adapter.goTo(id) } }, name)
  }

  toban.problems = {
    nameOf,
    onChange: changed.on,
    all: () => found,
    load: () => load().catch(() => {}),
    watch() {
      $(document).on('ajaxSuccess', (event, xhr, request) => {
        const path = request.url.split('?')[0]
        if (request.type !== 'POST' || !/(^|\/)flows$/.test(path) || !xhr.responseJSON) return
        take(xhr.responseJSON.problems || [])
        tell()
      })
      // Somebody else's deploy counts as well.
      RED.comms.subscribe('notification/runtime-deploy', loadSoon)
      RED.comms.on('connect', loadSoon)
    },
  }
})()
