/* The list of runs in the sidebar. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  /** Makes the list; onOpen(run id) is called for the one that is chosen. */
  function make(onOpen) {
    const filters = el('div.toban-filters', { role: 'group', 'aria-label': t('list.filter') },
      ...['all', 'open', 'failed'].map((name) =>
        el('button.red-ui-button.red-ui-button-small', { type: 'button', 'data-filter': name, click: () => toban.runs.choose(name) }, t('filter.' + name))))
    const reload = el('button.red-ui-button.red-ui-button-small', {
      type: 'button', title: t('list.reload'), 'aria-label': t('list.reload'), click: () => toban.runs.reload(),
    }, el('i.fa.fa-refresh', { 'aria-hidden': 'true' }))
    const rows = el('ul.toban-runs', { 'aria-label': t('list.label') })
    const note = el('p.toban-note', { role: 'status' })
    const more = el('button.red-ui-button.toban-more', { type: 'button', click: () => toban.runs.more() }, t('list.more'))
    const root = el('div.toban-list', {}, el('div.toban-bar', {}, filters, reload), rows, note, more)
    rows.addEventListener('keydown', (event) => walk(rows, event))

    function update() {
      const state = toban.runs.state()
      for (const button of filters.children) {
        const chosen = button.dataset.filter === state.filter
        button.classList.toggle('selected', chosen)
        button.setAttribute('aria-pressed', chosen)
      }
      const focused = document.activeElement && document.activeElement.dataset.run
      rows.replaceChildren(...state.runs.map((run) => row(run, onOpen)))
      if (focused) {
        const again = rows.querySelector(`[data-run="${CSS.escape(focused)}"]`)
        if (again) again.focus()
      }
      note.textContent = state.error || (state.runs.length > 0 ? '' : state.loading ? t('list.loading') : t('list.none.' + state.filter))
      note.classList.toggle('toban-error', state.error !== '')
      more.hidden = !state.more
    }
    const later = toban.perFrame(() => { if (root.isConnected && root.offsetParent) update() })
    toban.runs.onChange(later)
    toban.questions.onChange(later)
    return { root, update }
  }

  function row(run, onOpen) {
    return el('li', {}, el('button.toban-run', { type: 'button', 'data-run': run.id, click: () => onOpen(run.id) },
      el('span.toban-run-head', {}, toban.format.runState(run), run.rehearsal ? rehearsalMark() : null, el('time', { datetime: run.startedAt }, toban.format.clock(run.startedAt))),
      el('span.toban-run-title', {}, run.title || run.flowName || run.flow),
      el('span.toban-run-fact', {}, fact(run))))
  }

  /** What matters most about a run in a line. */
  function fact(run) {
    if (run.error) return run.error
    if (run.endedAt) return t('run.took', { time: toban.format.duration(new Date(run.endedAt) - new Date(run.startedAt)) })
    const question = toban.questions.ofRun(run.id)
    if (question) return t('run.asks', { title: question.title, left: toban.format.remaining(question.deadline) })
    return run.waiting ? t('waiting.' + run.waiting) : ''
  }

  const rehearsalMark = () => el('span.toban-rehearsal-mark', {}, t('run.rehearsal'))

  /** Up and down go from row to row, as in a list box. */
  function walk(rows, event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    const all = [...rows.querySelectorAll('button')]
    const next = all[all.indexOf(document.activeElement) + step]
    if (!next) return
    event.preventDefault()
    next.focus()
  }

  toban.list = { make, rehearsalMark }
})()
