/* One run in the sidebar: what it is, its steps, the player, a step's values. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban
  const pages = 5 // of steps that are read at once; the server gives 1,000 a page
  const settle = 400 // ms that news of the run are gathered

  /** Makes the panel; onBack() leads back to the list. */
  function make(onBack) {
    let run = null
    let steps = []
    let questions = new Map()
    let next = 0
    let opened = 0 // counts runs opened, so that a late answer is dropped
    let timer = 0

    const head = el('div.toban-head')
    const note = el('p.toban-note', { role: 'status' })
    const list = toban.steps.list((index) => player.go(index))
    const more = el('button.red-ui-button.toban-more', { type: 'button', click: () => append().catch(tell) }, t('panel.moreSteps'))
    const detail = el('div.toban-detail-box')
    const player = toban.player.make(move)
    const stage = toban.stage.make(chooseNode, () => close(), (event) => keys(event))
    const root = el('section.toban-panel', { 'aria-label': t('panel.label'), tabindex: '-1', keydown: keys },
      head, player.root, note, list.root, more, detail)

    toban.runs.onNews((news) => {
      if (!run || !news.some((one) => one.id === run.id)) return
      clearTimeout(timer)
      timer = setTimeout(() => refresh().catch(tell), settle)
    })
    toban.questions.onChange(() => { if (run) showHead() })
    RED.events.on('deploy', () => { if (run) open(run.id) })

    async function open(id) {
      const turn = ++opened
      stage.close()
      player.stop()
      run = null
      steps = []
      next = 0
      head.replaceChildren()
      detail.replaceChildren()
      list.root.scrollTop = 0
      note.textContent = t('list.loading')
      try {
        await load(id, turn)
      } catch (problem) {
        if (turn === opened) tell(problem)
      }
    }

    async function load(id, turn) {
      const found = await readSteps(id, 0)
      if (turn !== opened) return
      const own = await stage.choose(found.run)
      if (turn !== opened) return
      note.textContent = own ? '' : t('panel.noRevision')
      await take(found)
      player.go(-1)
      root.focus({ preventScroll: true })
    }

    /** Reads a few pages of steps. */
    async function readSteps(id, from) {
      let answer = await toban.api.run(id, { from })
      let all = answer.steps
      for (let i = 1; i < pages && answer.next; i++) {
        answer = await toban.api.run(id, { from: answer.next })
        all = all.concat(answer.steps)
      }
      return { run: answer, steps: all, next: answer.next || 0 }
    }

    async function take(found) {
      run = found.run
      steps = found.steps
      next = found.next
      const { questions: asked } = await toban.api.questions({ run: run.id, limit: 500 })
      questions = new Map(asked.map((question) => [question.id, question]))
      show()
    }

    async function append() {
      const found = await readSteps(run.id, next)
      steps = steps.concat(found.steps)
      next = found.next
      show()
    }

    async function refresh() {
      const turn = opened
      const found = await readSteps(run.id, 0)
      if (turn === opened) await take(found)
    }

    function show() {
      showHead()
      list.fill(steps)
      more.hidden = next === 0
      stage.show(run, steps)
      player.setCount(steps.length)
    }

    function showHead() {
      head.replaceChildren(...toban.runHead.make(run, { back: close, cancel, rehearse }))
    }

    function move(index) {
      list.choose(index)
      stage.go(index)
      if (index < 0 || !steps[index]) {
        detail.replaceChildren(el('p.toban-note', {}, t('panel.hint')))
        return
      }
      const config = stage.config(index)
      detail.replaceChildren(toban.steps.detail(steps[index], index, questions, () => whole(index).catch(tell)),
        ...(config ? [toban.values.ofConfig(config)] : []))
    }

    /** Reads a step again with all of its values. */
    async function whole(index) {
      const answer = await toban.api.run(run.id, { from: steps[index].seq, limit: 1, full: 1 })
      steps[index] = answer.steps[0]
      move(index)
    }

    /** A click on a node: its next visit, or its first. */
    function chooseNode(id) {
      const visits = stage.visits(id)
      if (visits.length === 0 || visits.includes(player.at())) return
      const later = visits.find((index) => index > player.at())
      player.go(later === undefined ? visits[0] : later)
    }

    function cancel() {
      const decide = (yes) => {
        notice.close()
        if (yes) toban.api.cancel(run.id).then(refresh).catch(tell)
      }
      const notice = RED.notify(el('p', {}, t('panel.cancelSure')), {
        modal: true, fixed: true, type: 'warning',
        buttons: [
          { text: t('panel.cancelNot'), click: () => decide(false) },
          { text: t('panel.cancel'), class: 'primary', click: () => decide(true) },
        ],
      })
    }

    async function rehearse() {
      try {
        const answer = await toban.api.rehearse(run.id)
        RED.notify(t('panel.rehearsing'), { type: 'success', timeout: 4000 })
        await open(answer.run)
      } catch (problem) {
        tell(problem)
      }
    }

    function tell(problem) {
      note.textContent = problem.message
      note.classList.add('toban-error')
      setTimeout(() => note.classList.remove('toban-error'), 8000)
    }

    function keys(event) {
      if (event.key === 'Escape') close()
      else if (!player.key(event)) return
      event.preventDefault()
      event.stopPropagation()
    }

    function close() {
      opened++
      clearTimeout(timer)
      player.stop()
      stage.close()
      run = null
      onBack()
    }

    return { root, open, close, isOpen: () => run !== null }
  }

  toban.panel = { make }
})()
