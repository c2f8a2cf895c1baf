/*
 * Draws a run's path on a surface, which is the editor's canvas (adapter.js) or
 * our own picture of another revision (picture.js): {root, layer, box(id),
 * eachNode(f), eachWire(f)}. What is drawn takes no clicks.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { svg } = toban
  // From what must not be overlooked to what goes without saying.
  const outcomes = ['failed', 'unknown', 'caught', 'waiting', 'preview', 'cancelled', 'done']
  const classes = ['toban-taken', 'toban-ahead', ...outcomes.map((name) => 'toban-is-' + name)]

  const badgeFont = '600 11px Helvetica, Arial, sans-serif' // as in plugin.css

  // What stands in a layer: id -> {state, element, turn}. A long run is stepped
  // through quickly only if each step changes little of the drawing.
  const layers = new WeakMap()

  /** Draws the path up to and with the step at index now; all of it if now is -1. */
  function paint(surface, path, now) {
    const reached = (index) => now < 0 || index <= now
    const put = drawing(surface.layer)
    surface.root.classList.add('toban-replaying')
    surface.eachNode((id, element) => mark(element, path.visits.get(id), path, reached))
    const drawn = paintWires(surface, path, reached)
    for (const [key, hop] of path.hops) if (!drawn.has(key)) paintHop(surface, path, key, hop, reached, put)
    for (const [id, visits] of path.visits) paintVisits(surface, path, id, visits, now, reached, put)
    put.end()
  }

  /** Begins a drawing: put(id, state, make) makes what is new or not as it was; end() removes the rest. */
  function drawing(layer) {
    if (!layers.has(layer)) layers.set(layer, new Map())
    const things = layers.get(layer)
    const turn = {}
    const put = (id, state, make) => {
      const old = things.get(id)
      if (old && old.state === state) {
        old.turn = turn
        return
      }
      const element = make()
      if (old) old.element.replaceWith(element)
      else layer.append(element)
      things.set(id, { state, element, turn })
    }
    put.end = () => {
      for (const [id, thing] of things) {
        if (thing.turn === turn) continue
        thing.element.remove()
        things.delete(id)
      }
    }
    return put
  }

  function mark(element, visits, path, reached) {
    const name = visits ? look(visits, path, reached) : ''
    // The editor may have set the class anew.
    if (element.tobanLook === name && element.classList.contains('toban-taken') === (name !== '')) return
    element.classList.remove(...classes)
    if (name) element.classList.add('toban-taken', name)
    element.tobanLook = name
  }

  /** The class for some visits: the gravest outcome of those that were reached. */
  function look(visits, path, reached) {
    const found = new Set(visits.filter(reached).map(path.outcome))
    const gravest = outcomes.find((name) => found.has(name))
    return gravest ? 'toban-is-' + gravest : 'toban-ahead'
  }

  function lastReached(visits, reached) {
    for (let i = visits.length - 1; i >= 0; i--) if (reached(visits[i])) return visits[i]
    return -1
  }

  function paintWires(surface, path, reached) {
    const drawn = new Set()
    surface.eachWire((from, port, to, element) => {
      const key = `${from}:${port}:${to}`
      const hop = path.hops.get(key)
      mark(element, hop && hop.steps, path, reached)
      if (hop) drawn.add(key)
    })
    return drawn
  }

  /** A way without a wire: from link out to link in, from an error to its catch node. */
  function paintHop(surface, path, key, hop, reached, put) {
    const a = surface.box(hop.from)
    const b = surface.box(hop.to)
    if (!a || !b || hop.from === hop.to) return
    const [x1, y1, x2, y2] = [a.x, a.y + a.h / 2, b.x - b.w / 2, b.y]
    const bend = Math.max(40, Math.abs(x2 - x1) / 3)
    const down = y1 + Math.max(30, (y2 - y1) / 2)
    const ahead = !hop.steps.some(reached)
    const name = ahead ? 'toban-ahead' : hop.error ? 'toban-is-caught' : look(hop.steps, path, reached)
    const d = `M ${x1} ${y1} C ${x1} ${down} ${x2 - bend} ${y2} ${x2} ${y2}`
    put('hop ' + key, name + d, () => svg('path', { class: 'toban-hop ' + name, d }))
  }

  function paintVisits(surface, path, id, visits, now, reached, put) {
    const box = surface.box(id)
    if (!box) return
    const last = lastReached(visits, reached)
    const current = visits.includes(now)
    const name = look(current ? [now] : visits, path, reached)
    const time = timeOf(path, current ? now : last)
    const numbers = toban.path.numbers(visits)
    const state = [box.x, box.y, box.w, box.h, name, current, numbers, time].join('|')
    put('visit ' + id, state, () => visit(box, name, current, numbers, time))
  }

  /** A frame around a node, with its badge. */
  function visit(box, name, current, numbers, time) {
    const group = svg('g', { class: `toban-visit ${name}${current ? ' toban-now' : ''}`, transform: `translate(${box.x} ${box.y})` })
    const gap = current ? 6 : 3
    group.append(svg('rect', {
      class: 'toban-halo', x: -box.w / 2 - gap, y: -box.h / 2 - gap, width: box.w + 2 * gap, height: box.h + 2 * gap, rx: 9,
    }))
    badge(group, box, numbers, time)
    return group
  }

  /** The time of the visit that counts, if it took any. */
  function timeOf(path, index) {
    const step = path.steps[index]
    if (!step || path.ways[index].length > 1 || step.durationMs === undefined || step.durationMs < 1) return ''
    return toban.format.duration(step.durationMs)
  }

  /** A small label at the upper left corner: the numbers of the visits and a time. */
  function badge(group, box, numbers, time) {
    const y = -box.h / 2 - 9
    const label = svg('text', { class: 'toban-badge-text', x: -box.w / 2 + 4, y: y + 4 }, document.createTextNode(numbers))
    const pill = svg('rect', { class: 'toban-badge', y: y - 8, height: 16, rx: 8 })
    group.append(pill, label)
    const width = toban.textWidth(numbers, badgeFont) + 12
    pill.setAttribute('x', -box.w / 2 - 2)
    pill.setAttribute('width', Math.max(16, width))
    if (time) {
      group.append(svg('text', { class: 'toban-badge-time', x: -box.w / 2 + Math.max(16, width) + 3, y: y + 4 }, document.createTextNode(time)))
    }
  }

  /** Takes everything off a surface again. */
  function clear(surface) {
    surface.root.classList.remove('toban-replaying')
    drawing(surface.layer).end()
    const unmark = (element) => mark(element, null)
    surface.eachNode((id, element) => unmark(element))
    surface.eachWire((from, port, to, element) => unmark(element))
  }

  toban.painter = { paint, clear }
})()
