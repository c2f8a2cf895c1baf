/* The list of a run's steps, and one step in detail. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  /** What a step is called: its node's name, else its subflow's or its type. */
  const nameOf = (step) => step.nodeName || toban.adapter.subflowName(step.type) || step.type || step.node

  const words = { waiting: (step) => t('step.' + step.status) }
  const wordOf = (step) => {
    const outcome = toban.path.outcome(step)
    return words[outcome] ? words[outcome](step) : t('outcome.' + outcome)
  }
  const stateOf = (step) => {
    const outcome = toban.path.outcome(step)
    return toban.format.state(outcome, wordOf(step), outcome === 'preview' ? t('step.previewed') : null)
  }

  /** The list: {root, fill(steps), choose(index)}. onChoose(index) is called for a click. */
  function list(onChoose) {
    const root = el('ol.toban-steps', { 'aria-label': t('panel.steps'), tabindex: '-1' })
    let chosen = null
    return {
      root,
      fill(steps) {
        root.replaceChildren(...steps.map((step, i) => el('li', {},
          el('button.toban-step', { type: 'button', 'data-index': i, click: () => onChoose(i) },
            el('span.toban-step-number', {}, String(i + 1)),
            el('span.toban-step-name', {}, nameOf(step)),
            step.durationMs >= 1 ? el('span.toban-step-time', {}, toban.format.duration(step.durationMs)) : null,
            stateOf(step)))))
        chosen = null
      },
      choose(index) {
        if (chosen) chosen.removeAttribute('aria-current')
        chosen = root.querySelector(`[data-index="${index}"]`)
        if (!chosen) return
        chosen.setAttribute('aria-current', 'step')
        // Only the list scrolls: scrollIntoView would move the panel, too.
        const [top, bottom] = [chosen.offsetTop - root.offsetTop, chosen.offsetTop - root.offsetTop + chosen.offsetHeight]
        if (top < root.scrollTop) root.scrollTop = top
        else if (bottom > root.scrollTop + root.clientHeight) root.scrollTop = bottom - root.clientHeight
      },
    }
  }

  /** One step in detail. questions are those of the run by id; onWhole loads what was cut. */
  function detail(step, index, questions, onWhole) {
    const question = questions.get(step.question)
    return el('div.toban-detail', {},
      el('h3', {}, `${index + 1}. ${nameOf(step)}`),
      el('p.toban-facts', {}, stateOf(step),
        el('span', {}, step.type || ''),
        step.startedAt ? el('time', { datetime: step.startedAt }, toban.format.clock(step.startedAt)) : null,
        step.durationMs !== undefined ? el('span', {}, toban.format.duration(step.durationMs)) : null,
        step.attempt > 1 ? el('span', {}, t('step.attempts', { n: step.attempt })) : null),
      step.error ? el('p.toban-box.toban-error', {}, el('strong', {}, t(step.caught ? 'step.caughtError' : 'step.error')), ' ', step.error) : null,
      step.note ? el('p.toban-box', {}, step.note) : null,
      step.preview ? previewBox(step) : null,
      question ? questionBox(question) : null,
      step.cut ? el('p.toban-note', {}, t('step.cut'), ' ',
        el('button.red-ui-button.red-ui-button-small', { type: 'button', click: onWhole }, t('step.whole'))) : null,
      ...toban.values.ofStep(step))
  }

  function previewBox(step) {
    const { action, target, detail: text } = step.preview
    const title = step.status === 'previewed' ? t('step.preview') : t('step.effect')
    return el('div.toban-box', {}, el('strong', {}, title), ' ', target ? `${action} (${target})` : action, text ? el('pre', {}, text) : null)
  }

  function questionBox(question) {
    const answer = question.answer
    const label = answer && (question.choices.find((choice) => choice.value === answer.value) || {}).label
    return el('div.toban-box', {},
      el('strong', {}, t('question.title')), ' ', question.title,
      el('p', {}, answer
        ? t('question.answered', { who: answer.name || answer.by, what: label || answer.value, when: toban.format.clock(answer.at) })
        : question.state === 'open'
          ? t('question.open', { left: toban.format.remaining(question.deadline) })
          : t('question.' + question.state)))
  }

  toban.steps = { list, detail, nameOf }
})()
