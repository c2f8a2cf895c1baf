/* The runs of one tab, newest first, kept up to date while they happen. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const pageSize = 30

  const filters = {
    all: () => true,
    open: (run) => run.status === 'running' || run.status === 'waiting',
    failed: (run) => run.status === 'failed',
  }

  const changed = toban.signal()
  const heard = toban.signal() // of runs of any tab
  let flow = ''
  let filter = 'all'
  let runs = []
  let next = '' // where the following page begins; '' at the end
  let error = ''
  let loading = 0
  let asked = 0 // counts requests, so that a late answer to an old one is dropped

  // The API filters by one status; "open" is two, so their pages are joined.
  const statuses = { all: [''], open: ['running', 'waiting'], failed: ['failed'] }

  async function load(before) {
    const turn = ++asked
    loading++
    changed.emit()
    try {
      const pages = await Promise.all(statuses[filter].map((status) => toban.api.runs({ flow, status, before, limit: pageSize })))
      if (turn !== asked) return
      const found = pages.flatMap((page) => page.runs)
      runs = merge(before ? runs : [], found)
      const cuts = pages.map((page) => page.next).filter(Boolean)
      next = cuts.length > 0 ? cuts.reduce((a, b) => (a > b ? a : b)) : ''
      error = ''
    } catch (problem) {
      if (turn === asked) error = problem.message
    } finally {
      loading--
      changed.emit()
    }
  }

  // In a storm not all runs are announced, and the list is read now and then.
  const loadSoon = toban.later(1000, () => load())

  // Ids begin with their time, so they sort by it.
  function merge(old, fresh) {
    const byId = new Map(old.map((run) => [run.id, run]))
    for (const run of fresh) byId.set(run.id, run)
    return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
  }

  function take(news) {
    heard.emit(news.runs)
    if (news.more) {
      loadSoon()
      return
    }
    const ours = news.runs.filter((run) => run.flow === flow)
    if (ours.length === 0) return
    const gone = new Set(ours.filter((run) => !filters[filter](run)).map((run) => run.id))
    runs = merge(runs, ours).filter((run) => !gone.has(run.id))
    changed.emit()
  }

  toban.runs = {
    onChange: changed.on,
    onNews: heard.on,
    state: () => ({ flow, filter, runs, more: next !== '', error, loading: loading > 0 }),
    show(id) {
      if (id === flow) return
      flow = id
      runs = []
      next = ''
      if (flow) load()
      else changed.emit()
    },
    choose(name) {
      filter = name
      runs = []
      load()
    },
    reload: () => load(),
    more: () => load(next),
    watch() {
      RED.comms.subscribe('toban/runs', (topic, news) => take(news))
      RED.comms.on('connect', () => { if (flow) load() })
    },
  }
})()
