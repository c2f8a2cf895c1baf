/* What a deploy's answer says is wrong with the flow, with the way to each node. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban
  const most = 20

  let shown = null

  function show(problems) {
    if (shown) shown.close()
    shown = null
    if (problems.length === 0) return
    const serious = problems.some((problem) => !problem.warning)
    const rest = problems.length - most
    const content = el('div.toban-problems', {},
      el('p', {}, t(serious ? 'problems.title' : 'problems.warnings', { n: problems.length })),
      el('ul', {}, ...problems.slice(0, most).map(line)),
      rest > 0 ? el('p', {}, t('problems.more', { n: rest })) : null)
    shown = RED.notify(content, {
      type: serious ? 'error' : 'warning', fixed: true,
      buttons: [{ text: t('problems.close'), click: () => shown.close() }],
    })
  }

  function line(problem) {
    const [id] = problem.node ? toban.ids.way(problem.node, toban.adapter.world) : []
    const name = [problem.name || problem.type || problem.node, problem.flow ? toban.adapter.tabName(problem.flow) : ''].filter(Boolean).join(' · ')
    return el('li', {},
      id ? el('a', { href: '#', click: (event) => { event.preventDefault(); toban.adapter.reveal(id) } }, name) : el('strong', {}, name),
      ': ', problem.message)
  }

  toban.problems = {
    watch() {
      $(document).on('ajaxSuccess', (event, xhr, request) => {
        const path = request.url.split('?')[0]
        if (request.type !== 'POST' || !/(^|\/)flows$/.test(path) || !xhr.responseJSON) return
        show(xhr.responseJSON.problems || [])
      })
    },
  }
})()
