/* The sidebar's tab with what is wrong with the deployed flow, and the way to each node. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t, adapter } = toban
  const tabId = 'toban-problems'

  const show = () => RED.sidebar.show(tabId)

  /** Adds the tab. */
  function add() {
    const rows = el('ul.toban-problem-list', { 'aria-label': t('problems.list') })
    const note = el('p.toban-note', { role: 'status' })
    const update = () => {
      const all = toban.problems.all()
      rows.replaceChildren(...all.map(row))
      note.textContent = all.length === 0 ? t('problems.none') : ''
      adapter.tabCount(tabId, all.length, all.length === 0 ? t('problems.name') : t('problems.count', { n: all.length }))
    }
    RED.sidebar.addTab({
      id: tabId, label: t('problems.label'), name: t('problems.name'), iconClass: 'fa fa-exclamation-triangle',
      content: el('div.toban-problem-side', {}, rows, note), enableOnEdit: true, action: 'toban:show-problems', onchange: update,
    })
    RED.actions.add('toban:show-problems', show)
    toban.problems.onChange(update)
    update()
  }

  const row = (problem) => el('li', {},
    problem.warning ? toban.format.state('hint', t('problems.hint')) : toban.format.state('failed', t('problems.broken')),
    ' ', toban.problems.nameOf(problem), el('p', {}, problem.message))

  toban.problemList = { add, show }
})()
