/*
 * Everything that the editor doesn't document is here, so that a new version of
 * it is one file's work: its drawing's elements and their data (d3's __data__),
 * class names, where its layers and tabs are.
 */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const chartLayer = () => document.querySelector('.red-ui-workspace-chart-event-layer')
  const chart = () => document.getElementById('red-ui-workspace-chart')
  const nodeOf = (id) => RED.nodes.node(id) || RED.nodes.junction(id) || null

  /** The nodes of the canvas as ids.js and path.js want them. */
  const world = {
    find: nodeOf,
    outputs(subflowId) {
      const subflow = RED.nodes.subflow(subflowId)
      if (!subflow) return []
      const links = RED.nodes.filterLinks({ target: { z: subflowId } })
      return subflow.out.map((out) => links.filter((link) => link.target === out)
        .map((link) => ({ id: link.source.id, port: link.sourcePort || 0 })))
    },
  }

  /** What is drawn on: the tab that is open. See painter.js for what a surface is. */
  function surface() {
    const chartGroup = chartLayer()
    let layer = chartGroup.querySelector(':scope > .toban-layer')
    if (!layer) {
      layer = toban.svg('g', { class: 'toban-layer' })
      chartGroup.append(layer)
    } else if (layer !== chartGroup.lastChild) chartGroup.append(layer)
    return {
      flow: RED.workspaces.active(),
      root: chart(),
      layer,
      box(id) {
        const node = nodeOf(id)
        if (!node || node.z !== RED.workspaces.active()) return null
        return { x: node.x, y: node.y, w: node.w || 10, h: node.h || 10 }
      },
      /** The elements of nodes: calls f(id, element). */
      eachNode(f) {
        for (const element of chartGroup.querySelectorAll('.red-ui-flow-node-group, .red-ui-flow-junction')) {
          if (element.__data__) f(element.__data__.id, element)
        }
      },
      /** The elements of wires: calls f(from, port, to, element). */
      eachWire(f) {
        for (const element of chartGroup.querySelectorAll('.red-ui-flow-link')) {
          const link = element.__data__
          if (link) f(link.source.id, link.sourcePort || 0, link.target.id, element)
        }
      },
    }
  }

  /** Shows a status under a node as if the server had sent it; null gives back what the server said. */
  function setStatus(id, status) {
    const node = RED.nodes.node(id)
    if (!node) return
    if (status) {
      if (node.status !== node.tobanStatus) node.tobanServerStatus = node.status
      node.status = node.tobanStatus = status
    } else if (node.tobanStatus) {
      if (node.status === node.tobanStatus) node.status = node.tobanServerStatus
      delete node.tobanStatus
      delete node.tobanServerStatus
    } else return
    node.dirtyStatus = true
    node.dirty = true
    RED.view.redrawStatus(node)
  }

  /** Calls f after the canvas was drawn anew or a node of it changed. */
  function onRedraw(f) {
    const later = toban.perFrame(f)
    RED.hooks.add('viewRedrawNode.toban', later)
    RED.hooks.add('viewAddNode.toban', later)
    RED.events.on('workspace:change', later)
    RED.events.on('links:add', later)
    RED.events.on('links:remove', later)
  }

  /** Calls f(id) when one node is selected on the canvas. */
  function onNodeChosen(f) {
    RED.events.on('view:selection-changed', (selection) => {
      if (selection && selection.nodes && selection.nodes.length === 1) f(selection.nodes[0].id)
    })
  }

  /** The element of a tab's label, for our mark. */
  const tabLabel = (id) => document.getElementById('red-ui-tab-' + id.replace('.', '-'))

  /** The box that holds the canvas; what lies over the canvas goes into it. */
  const workspace = () => document.getElementById('red-ui-workspace')

  /** Lays an element over the canvas, where that is; gives the function that takes it away. */
  function coverCanvas(element) {
    const place = () => {
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = chart()
      Object.assign(element.style, { left: offsetLeft + 'px', top: offsetTop + 'px', width: offsetWidth + 'px', height: offsetHeight + 'px' })
    }
    const watch = new ResizeObserver(place)
    watch.observe(chart())
    chart().parentElement.append(element)
    place()
    return () => {
      watch.disconnect()
      element.remove()
    }
  }

  /** How a node looks: colour, label, icon (see iconOf) and whether that stands at its right. */
  function look(node) {
    const type = /^subflow:/.test(node.type) ? 'subflow' : node.type
    const definition = RED.nodes.getType(node.type) || RED.nodes.getType(type) || {}
    const color = RED.utils.getNodeColor(node.type, definition) || '#ddd'
    let label = node.name
    if (!label && definition.paletteLabel) {
      label = typeof definition.paletteLabel === 'function' ? safely(() => definition.paletteLabel.call(definition)) : definition.paletteLabel
    }
    return {
      color, label: label || node.type.replace(/^subflow:.*/, 'subflow'),
      icon: iconOf(node, definition), right: isRight(node, definition),
    }
  }

  /** Whether the icon stands at the right, as at nodes that send nothing on. */
  const isRight = (node, { align, inputs }) => align === 'right' || (!align && inputs !== 0 && (node.wires || []).length === 0)

  const fontIcon = 'font-awesome/'

  /** A node's icon: {url} of a picture, or {glyph} of the icon font. */
  function iconOf(node, definition) {
    const own = RED.utils.getNodeIcon(definition, node)
    const glyph = own.startsWith(fontIcon) && RED.nodes.fontAwesome.getIconUnicode(own.slice(fontIcon.length))
    if (glyph) return { glyph }
    return { url: own.startsWith(fontIcon) ? RED.utils.getNodeIcon(definition) : own }
  }

  /** Shows a node, on its tab, and selects it; a node without a place has its line in the sidebar of configurations. */
  function goTo(id) {
    RED.view.reveal(id, true)
    const node = nodeOf(id)
    if (node && node.z === RED.workspaces.active() && typeof node.x === 'number') RED.view.select({ nodes: [node] })
  }

  /** Has the error that the editor has just told stay until it is closed; gives the function that closes it. */
  function holdError(close) {
    const notice = [...document.querySelectorAll('#red-ui-notifications .red-ui-notification-error')].at(-1)
    if (!notice) return () => {}
    clearTimeout(notice.timeoutid)
    notice.fixed = true
    notice.append(toban.el('div.ui-dialog-buttonset', {}, toban.el('button', { type: 'button' }, close))) // a click anywhere closes it
    return () => notice.close()
  }

  /** Locks the deploy button visibly, and says why; '' unlocks it. */
  function lockDeploy(why) {
    const group = document.querySelector('.red-ui-deploy-button-group')
    group.title = why
    for (const link of group.querySelectorAll('a')) {
      link.tabIndex = why ? -1 : 0
      if (why) link.setAttribute('aria-disabled', 'true')
      else link.removeAttribute('aria-disabled')
    }
  }

  /** Writes a number at the button of a tab of the sidebar, and what it means; 0 takes it away. */
  function tabCount(id, n, label) {
    const button = document.querySelector(`.red-ui-sidebar-tab-bar button[data-tab-id="${id}"]`)
    if (!button) return
    if (n > 0) button.dataset.tobanCount = n > 99 ? '99+' : n
    else delete button.dataset.tobanCount
    button.setAttribute('aria-label', label)
  }

  /**
   * Lays an element over the whole sidebar while content, which stands in one of
   * its sections, is in view: the sections keep the sizes that people gave them.
   */
  function coverSidebar(content, element) {
    const seen = new IntersectionObserver((entries) => {
      const sidebar = content.closest('.red-ui-sidebar')
      if (sidebar && element.parentElement !== sidebar) sidebar.append(element)
      element.classList.toggle('toban-out-of-view', !entries.at(-1).isIntersecting)
    })
    seen.observe(content)
  }

  function safely(f) {
    try { return f() } catch { return '' }
  }

  toban.adapter = {
    world, surface, setStatus, onRedraw, onNodeChosen, tabLabel, workspace, look, coverCanvas, coverSidebar, goTo, holdError, lockDeploy, tabCount,
    revision: () => RED.nodes.version(),
    activeFlow: () => RED.workspaces.active(),
    showFlow(id) { if (RED.nodes.workspace(id) || RED.nodes.subflow(id)) RED.workspaces.show(id) },
    flowOf(id) { const node = nodeOf(id); return node ? node.z : '' },
    isTab: (id) => !!RED.nodes.workspace(id),
    subflowName(type) {
      const subflow = /^subflow:/.test(type || '') && RED.nodes.subflow(type.slice('subflow:'.length))
      return subflow ? subflow.name : ''
    },
    tabName(id) { const tab = RED.nodes.workspace(id); return tab ? tab.label : '' },
    onFlowChange: (f) => RED.events.on('workspace:change', f),
    clearSelection: () => RED.view.select({ nodes: [] }),
    /** Puts a node into view without the editor's flash. */
    glance(id) {
      const node = nodeOf(id)
      if (node && node.z === RED.workspaces.active()) RED.view.reveal(id, false)
    },
  }
})()
