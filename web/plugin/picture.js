/*
 * A read-only picture of a tab as an older revision had it, drawn by us over the
 * canvas. Nothing of it is in the editor, so nothing of it can ever be deployed.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { svg, el, t } = toban
  const nodeWidth = 100
  const lineHeight = 24
  const beside = 400 // the sidebar may lie over the canvas: what stands at its right can be scrolled into view
  const labelFont = '14px Helvetica, Arial, sans-serif'

  /** A revision's flow file, indexed. */
  function read(flows) {
    const byId = new Map(flows.map((node) => [node.id, node]))
    const inFlow = (z) => flows.filter((node) => node.z === z && typeof node.x === 'number' && typeof node.y === 'number')
    return {
      flows, inFlow,
      label: (id) => { const flow = byId.get(id); return flow ? flow.label || flow.name || id : id },
      has: (id) => byId.has(id),
      world: {
        find: (id) => { const node = byId.get(id); return node && node.z !== undefined ? node : null },
        outputs: (id) => { const flow = byId.get(id); return ((flow && flow.out) || []).map((out) => out.wires || []) },
      },
    }
  }

  /** Where a node stands and how large it is drawn. */
  function boxOf(node) {
    if (node.type === 'junction') return { x: node.x, y: node.y, w: 10, h: 10 }
    if (node.type === 'group') return { x: node.x + node.w / 2, y: node.y + node.h / 2, w: node.w, h: node.h }
    if (/^link (in|out)$/.test(node.type) && !node.l) return { x: node.x, y: node.y, w: 30, h: 30 }
    const text = toban.adapter.look(node).label
    const outputs = (node.wires || []).length
    const w = Math.max(nodeWidth, 20 * Math.ceil((toban.textWidth(text, labelFont) + 50) / 20))
    return { x: node.x, y: node.y, w: node.l === false ? 30 : w, h: Math.max(30, outputs * 15, 6 + lineHeight) }
  }

  /** The curve of a wire. */
  function curve(a, port, ports, b) {
    const x1 = a.x + a.w / 2
    const y1 = a.y - ((ports - 1) / 2) * 13 + 13 * port
    const x2 = b.x - b.w / 2
    const bend = x2 > x1 ? Math.max(30, Math.min(75, (x2 - x1) / 2)) : 75 + Math.min(120, (x1 - x2) / 4)
    return `M ${x1} ${y1} C ${x1 + bend} ${y1} ${x2 - bend} ${b.y} ${x2} ${b.y}`
  }

  /** Draws one flow of a revision; gives the surface that painter.js paints on. */
  function draw(revision, flow) {
    const nodes = revision.inFlow(flow)
    const boxes = new Map(nodes.map((node) => [node.id, boxOf(node)]))
    const wires = svg('g')
    const shapes = svg('g')
    const wireElements = []
    for (const node of nodes.filter((n) => n.type === 'group')) shapes.append(toban.shape.group(node))
    for (const node of nodes.filter((n) => n.type !== 'group')) {
      shapes.append(toban.shape.node(node, boxes.get(node.id)))
      ;(node.wires || []).forEach((targets, port) => {
        for (const to of targets) {
          if (!boxes.has(to)) continue
          const line = svg('path', { class: 'toban-picture-wire', d: curve(boxes.get(node.id), port, node.wires.length, boxes.get(to)) })
          wireElements.push([node.id, port, to, line])
          wires.append(line)
        }
      })
    }
    const layer = svg('g', { class: 'toban-layer' })
    const picture = svg('svg', { class: 'toban-picture-canvas', role: 'img', 'aria-label': revision.label(flow) }, wires, shapes, layer)
    const extent = [...boxes.values()].reduce((e, b) => ({ w: Math.max(e.w, b.x + b.w / 2), h: Math.max(e.h, b.y + b.h / 2) }), { w: 300, h: 200 })
    picture.setAttribute('width', extent.w + beside)
    picture.setAttribute('height', extent.h + 80)
    return {
      flow, picture, layer, root: picture,
      box: (id) => boxes.get(id) || null,
      eachNode: (f) => shapes.querySelectorAll('[data-node]').forEach((element) => f(element.dataset.node, element)),
      eachWire: (f) => wireElements.forEach(([from, port, to, element]) => f(from, port, to, element)),
    }
  }

  /** The frame over the canvas that holds a picture; on has choose(id), close() and key(event). */
  function frame(revision, on) {
    const place = el('div.toban-picture-scroll', { tabindex: '0' })
    const name = el('strong')
    const note = el('div.toban-picture-note', {},
      el('i.fa.fa-history', { 'aria-hidden': 'true' }), ' ', name, ' ', el('span', {}, t('picture.note')),
      el('button.red-ui-button.red-ui-button-small', { type: 'button', click: on.close }, t('panel.close')))
    const box = el('section.toban-picture', { 'aria-label': t('picture.note') }, note, place)
    place.addEventListener('click', (event) => {
      const node = event.target instanceof Element && event.target.closest('[data-node]')
      if (node) on.choose(node.dataset.node)
    })
    box.addEventListener('keydown', on.key)
    const uncover = toban.adapter.coverCanvas(box)
    let surface = null
    return {
      surface: () => surface,
      show(flow) {
        if (surface && surface.flow === flow) return
        surface = draw(revision, flow)
        name.textContent = revision.label(flow)
        place.replaceChildren(surface.picture)
      },
      glance(id) {
        const at = surface && surface.box(id)
        if (!at) return
        const [left, top] = [place.scrollLeft, place.scrollTop]
        const inside = at.x > left && at.x < left + place.clientWidth && at.y > top && at.y < top + place.clientHeight
        if (!inside) place.scrollTo({ left: at.x - place.clientWidth / 2, top: at.y - place.clientHeight / 2, behavior: 'smooth' })
      },
      remove: uncover,
    }
  }

  toban.picture = { read, frame }
})()
