/*
 * Where the node of a step stands. A node inside a subflow instance has the id
 * "instance-inner", with as many levels as there are subflows in each other.
 */
(function () {
  'use strict'

  const statusOutput = ':status' // what the status output of an instance adds to its id

  /**
   * Gives the ids on the way to a node: [tab's node, node in its subflow, …].
   * world has find(id), which gives {id, type, z} or nothing. [] if it isn't there.
   */
  function way(id, world) {
    if (id.endsWith(statusOutput)) return way(id.slice(0, -statusOutput.length), world)
    if (world.find(id)) return [id]
    for (let dash = id.indexOf('-'); dash > 0; dash = id.indexOf('-', dash + 1)) {
      const instance = world.find(id.slice(0, dash))
      if (!instance || !/^subflow:/.test(instance.type)) continue
      const rest = way(id.slice(dash + 1), world)
      if (rest.length > 0) return [instance.id, ...rest]
    }
    return []
  }

  /** The output of an instance that a node inside leads to; 0 if none does. */
  function outputOf(instance, inner, port, world) {
    const outputs = world.outputs(instance.type.slice('subflow:'.length))
    const at = outputs.findIndex((wires) => wires.some((wire) => wire.id === inner && (wire.port || 0) === port))
    return Math.max(0, at)
  }

  /** The output by which the node at the level of a way passes on what its last node sent. */
  function outputAt(ids, level, port, world) {
    let output = port
    for (let i = ids.length - 2; i >= level; i--) output = outputOf(world.find(ids[i]), ids[i + 1], output, world)
    return output
  }

  window.tobanRuns.ids = { way, outputAt }
})()
