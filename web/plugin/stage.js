/*
 * Where a run is shown: on the canvas if it ran on the revision that is open
 * there, else on a picture of its own revision.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { adapter, painter, ids } = toban

  /** Makes the stage; onChoose(node id) is told of clicks on nodes, onClose() of the end, onKey(event) of keys on a picture. */
  function make(onChoose, onClose, onKey) {
    let path = null
    let now = -1
    let frame = null // the picture's; null: the canvas is used
    let revision = null
    let world = adapter.world
    let shown = null // the surface that was painted last

    const repaint = toban.perFrame(() => {
      if (!path) return
      const surface = frame ? frame.surface() : adapter.surface()
      if (!surface) return
      if (shown && shown.root !== surface.root) painter.clear(shown)
      shown = surface
      painter.paint(surface, path, now)
    })
    adapter.onRedraw(() => { if (path && !frame) repaint() })
    adapter.onNodeChosen((id) => { if (path && !frame) onChoose(id) })
    adapter.onFlowChange((event) => {
      if (!path || !frame || !event || !revision.has(event.workspace)) return
      frame.show(event.workspace)
      repaint()
    })

    /** Chooses where a run is shown. The answer says whether it is its own revision there. */
    async function choose(run) {
      close()
      if (run.revision === adapter.revision()) return true
      const stored = await toban.api.revision(run.revision).catch(() => null)
      if (!stored) return false
      revision = toban.picture.read(stored.flows)
      world = revision.world
      frame = toban.picture.frame(revision, { choose: onChoose, close: onClose, key: onKey })
      return true
    }

    /** Shows steps of the run; the first time, the tab that it began on. */
    function show(run, steps) {
      const first = !path
      path = toban.path.build(steps, world)
      if (first) {
        adapter.showFlow(run.flow)
        if (frame) frame.show(run.flow)
      }
      repaint()
    }

    /** Goes to a step; -1 is the whole run. */
    function go(index) {
      now = index
      if (path && index >= 0) {
        const way = path.ways[index]
        turnTo(way.map((id) => world.find(id).z))
        const here = way.find((id) => world.find(id).z === flow())
        if (here) (frame || adapter).glance(here)
      }
      repaint()
    }

    const flow = () => (frame ? frame.surface() && frame.surface().flow : adapter.activeFlow())

    /** Opens the first of some flows, unless one of them is open. */
    function turnTo(flows) {
      if (flows.length === 0 || flows.includes(flow())) return
      if (!frame) adapter.showFlow(flows[0])
      else if (revision.has(flows[0])) frame.show(flows[0])
    }

    function close() {
      if (shown) painter.clear(shown)
      if (frame) frame.remove()
      path = shown = frame = revision = null
      now = -1
      world = adapter.world
    }

    return {
      choose, show, go, close,
      /** The indexes of the steps at a node. */
      visits: (id) => (path && path.visits.get(id)) || [],
      /** The configuration of a step's node, of a revision that isn't on the canvas. */
      config(index) {
        if (!frame || !path || path.ways[index].length === 0) return null
        return world.find(ids.way(path.steps[index].node, world).at(-1))
      },
      ownRevision: () => frame === null,
    }
  }

  toban.stage = { make }
})()
