/* The head of a run in the sidebar: what it is and what can be done with it. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  /** The parts of the head; on has back, cancel and rehearse. */
  function make(run, on) {
    const open = !run.endedAt
    const button = (icon, key, click) => el('button.red-ui-button.red-ui-button-small', { type: 'button', click },
      el('i.fa.' + icon, { 'aria-hidden': 'true' }), ' ', t(key))
    const may = RED.user.hasPermission('flows.write')
    return [
      el('div.toban-bar', {},
        button('fa-chevron-left', 'panel.back', on.back),
        el('a.red-ui-button.red-ui-button-small', { href: '/runs/' + encodeURIComponent(run.id), target: '_blank', rel: 'noopener' },
          el('i.fa.fa-external-link', { 'aria-hidden': 'true' }), ' ', t('panel.console'))),
      el('h3', {}, run.title || run.flowName || run.flow),
      el('p.toban-facts', {}, toban.format.runState(run), run.rehearsal ? toban.list.rehearsalMark() : null,
        el('time', { datetime: run.startedAt }, toban.format.clock(run.startedAt)),
        run.endedAt ? el('span', {}, toban.format.duration(new Date(run.endedAt) - new Date(run.startedAt))) : null),
      waitsFor(run),
      run.error ? el('p.toban-box.toban-error', {}, run.error) : null,
      may ? el('div.toban-bar', {},
        button('fa-repeat', 'panel.rehearse', on.rehearse),
        open ? button('fa-ban', 'panel.cancel', on.cancel) : null) : null,
    ].filter(Boolean)
  }

  function waitsFor(run) {
    const question = run.endedAt ? null : toban.questions.ofRun(run.id)
    if (!question) return null
    return el('p.toban-box', {}, t('run.asks', { title: question.title, left: toban.format.remaining(question.deadline) }))
  }

  toban.runHead = { make }
})()
