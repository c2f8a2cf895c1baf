/* How the picture of another revision draws a node and a group: as the canvas does, near enough. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { svg } = toban
  const side = 30 // how wide the field of an icon is
  const small = 20 // how large a picture that isn't an SVG is drawn, as on the canvas
  const round = 5

  const text = (name, x, y, content) => svg('text', { class: name, x, y }, document.createTextNode(content))
  const safeColor = (color, other) => (CSS.supports('color', color) ? color : other)

  function group(node) {
    const style = node.style || {}
    return svg('g', {},
      svg('rect', {
        class: 'toban-picture-group', x: node.x, y: node.y, width: node.w, height: node.h, rx: 4,
        style: style.stroke ? `stroke:${safeColor(style.stroke, '#999')}` : '',
      }),
      text('toban-picture-group-label', node.x + 8, node.y + 18, node.name || ''))
  }

  function node(one, box) {
    const look = toban.adapter.look(one)
    const element = svg('g', {
      class: 'toban-picture-node' + (one.d ? ' toban-picture-disabled' : ''), 'data-node': one.id,
      transform: `translate(${box.x - box.w / 2} ${box.y - box.h / 2})`,
    }, svg('rect', { width: box.w, height: box.h, rx: round, class: 'toban-picture-body', style: `fill:${safeColor(look.color, '#ddd')}` }))
    if (box.w >= side) element.append(iconField(look, box))
    if (box.w > side) element.append(label(look, box))
    element.append(svg('title', {}, document.createTextNode(one.type)))
    return element
  }

  function label(look, box) {
    const line = text('toban-picture-label', look.right ? box.w - side - 8 : side + 8, box.h / 2 + 5, look.label)
    if (look.right) line.setAttribute('text-anchor', 'end')
    return line
  }

  /** The icon on its darker field, at the left of a node or at its right. */
  function iconField(look, box) {
    const right = look.right && box.w > side
    const field = svg('g', { class: 'toban-picture-icon', transform: `translate(${right ? box.w - side : 0} 0)` },
      svg('path', {
        class: 'toban-picture-shade', d: `M ${side} 0 V ${box.h} H ${round} q -${round} 0 -${round} -${round} V ${round} q 0 -${round} ${round} -${round} Z`,
        ...(right && { transform: `matrix(-1 0 0 1 ${side} 0)` }),
      }),
      drawing(look.icon, box.h / 2))
    if (box.w > side) field.append(svg('path', { class: 'toban-picture-edge', d: `M ${right ? 0 : side} 1 l 0 ${box.h - 2}` }))
    return field
  }

  function drawing(icon, middle) {
    if (icon.glyph) return text('toban-picture-glyph', side / 2, middle + 7, icon.glyph)
    const size = /\.svg$/.test(icon.url) ? side : small
    return svg('image', { href: icon.url, x: (side - size) / 2, y: middle - size / 2, width: size, height: size })
  }

  toban.shape = { group, node }
})()
