/*
 * The open questions. The node that asks shows how long there is left: the time
 * runs in the browser, from the deadline, so nothing needs to be sent each minute.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { t } = toban
  const most = 500
  const tick = 20000

  const open = new Map() // question id -> question
  let marked = new Set() // ids of nodes that show a time
  const changed = toban.signal()

  async function load() {
    const { questions } = await toban.api.questions({ state: 'open', limit: most })
    open.clear()
    for (const question of questions) open.set(question.id, question)
    show()
  }

  const loadSoon = toban.later(1000, () => load().catch(() => {}))

  function take(news) {
    if (news.more) {
      loadSoon()
      return
    }
    for (const question of news.questions) {
      if (question.state === 'open') open.set(question.id, question)
      else open.delete(question.id)
    }
    show()
  }

  /** Puts the remaining time under the nodes that ask. */
  function show() {
    const byNode = new Map()
    for (const question of open.values()) {
      const [place] = toban.ids.way(question.node, toban.adapter.world)
      const inner = toban.ids.way(question.node, toban.adapter.world).at(-1)
      for (const id of new Set([place, inner])) {
        if (!id) continue
        if (!byNode.has(id)) byNode.set(id, [])
        byNode.get(id).push(question)
      }
    }
    for (const id of marked) if (!byNode.has(id)) toban.adapter.setStatus(id, null)
    for (const [id, questions] of byNode) toban.adapter.setStatus(id, statusOf(questions))
    marked = new Set(byNode.keys())
    changed.emit()
  }

  function statusOf(questions) {
    const soonest = questions.reduce((a, b) => (a.deadline < b.deadline ? a : b))
    const left = toban.format.remaining(soonest.deadline)
    if (questions.some((question) => question.kind === 'unknown')) {
      return { fill: 'red', shape: 'ring', text: t('status.unknown', { left }) }
    }
    const n = questions.length
    return { fill: 'yellow', shape: 'ring', text: n > 1 ? t('status.waitingMany', { left, n }) : t('status.waiting', { left }) }
  }

  /** The open question of a run that ends first, if it has one. */
  function ofRun(run) {
    let found = null
    for (const question of open.values()) {
      if (question.run === run && (!found || question.deadline < found.deadline)) found = question
    }
    return found
  }

  toban.questions = {
    ofRun,
    onChange: changed.on,
    watch() {
      RED.comms.subscribe('toban/questions', (topic, news) => take(news))
      RED.comms.on('connect', () => load().catch(() => {}))
      RED.events.on('deploy', show)
      setInterval(show, tick)
      load().catch(() => {})
    },
  }
})()
