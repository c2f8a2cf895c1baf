// Compares what was deployed with what was drawn: nothing may be lost.
import { brief } from './backstage.mjs'

// Where a node stands and on which tab is the editor's choice at an import.
const placed = new Set(['x', 'y', 'z'])

const plain = (value) => JSON.stringify(value)

/** No outputs may be written as none or as one without wires. */
const wires = (value) => plain((value ?? []).filter((port, i, all) => port.length > 0 || all.slice(i).some((p) => p.length > 0)))

/** Lists what differs from the imported flow, but for the properties that were changed on purpose. */
export function losses(deployed, changes = {}) {
  const now = new Map(deployed.map((n) => [n.id, n]))
  const lost = []
  for (const was of JSON.parse(brief.flow)) {
    const is = now.get(was.id)
    if (!is) {
      lost.push(`${was.type} ${was.id} is gone`)
      continue
    }
    const want = { ...was, ...changes[was.id] }
    for (const [key, value] of Object.entries(want)) {
      if (placed.has(key)) continue
      const [a, b] = key === 'wires' ? [wires(is[key]), wires(value)] : [plain(is[key]), plain(value)]
      if (a !== b) lost.push(`${was.type} ${was.name ?? was.id}: ${key} is ${a}, not ${b}`)
    }
  }
  return lost
}
