/*
 * The path of a run: which nodes it visited, along which wires, and how each
 * visit ended. Pure: it knows steps and a world (see ids.js), no page.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const noWire = 1000 // ports from here on are no wire's: errors, completions, statuses, direct deliveries
  const portError = 1001

  /** How a step ended, as one of the outcomes that have a colour. */
  function outcome(step) {
    switch (step.status) {
      case 'done': return 'done'
      case 'failed': case 'interrupted': return step.caught ? 'caught' : 'failed'
      case 'previewed': return 'preview'
      case 'unknown': case 'cancelled': return step.status
      default: return 'waiting'
    }
  }

  /** Builds the path of steps, which are in order of their numbers. */
  function build(steps, world) {
    const bySeq = new Map(steps.map((step) => [step.seq, step]))
    const visits = new Map() // node id -> indexes of steps
    const hops = new Map() // "from:port:to" -> {from, to, port, steps}
    const ways = steps.map((step) => toban.ids.way(step.node, world))
    const indexOf = new Map(steps.map((step, i) => [step.seq, i]))

    steps.forEach((step, i) => {
      for (const id of ways[i]) add(visits, id, i)
      const parent = bySeq.get(step.parent)
      if (parent) addHop(hops, hopOf(parent, ways[indexOf.get(parent.seq)], step, ways[i], world), i)
    })
    return { steps, ways, visits, hops, outcome: (i) => outcome(steps[i]) }
  }

  function add(map, key, value) {
    if (map.has(key)) map.get(key).push(value)
    else map.set(key, [value])
  }

  function addHop(hops, hop, i) {
    if (!hop) return
    const key = `${hop.from}:${hop.port}:${hop.to}`
    if (!hops.has(key)) hops.set(key, { ...hop, steps: [] })
    hops.get(key).steps.push(i)
  }

  /** The wire between two steps, where both stand in the same flow or subflow. */
  function hopOf(parent, from, step, to, world) {
    let level = 0
    while (level < from.length && level < to.length && from[level] === to[level]) level++
    const a = from[level]
    const b = to[level]
    if (!a || !b) return null
    const port = step.port < noWire ? toban.ids.outputAt(from, level, step.port, world) : -1
    return { from: a, to: b, port, error: step.port === portError }
  }

  /** Numbers of visits as a badge has them: "3, 7", "1–4", "2, 5 … 90". */
  function numbers(indexes) {
    const parts = []
    for (let i = 0; i < indexes.length; i++) {
      let j = i
      while (j + 1 < indexes.length && indexes[j + 1] === indexes[j] + 1) j++
      parts.push(j - i > 1 ? `${indexes[i] + 1}–${indexes[j] + 1}` : String(indexes[i] + 1))
      if (j - i > 1) i = j
    }
    return parts.length > 3 ? `${parts[0]}, ${parts[1]} … ${parts[parts.length - 1]}` : parts.join(', ')
  }

  toban.path = { build, outcome, numbers }
})()
