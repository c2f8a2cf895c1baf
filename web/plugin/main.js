/* Puts the plugin into the editor. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t, adapter } = toban
  const tabId = 'toban-runs'
  const address = /^#run\/([\w-]+)$/

  // The editor writes its own hash as soon as it has loaded the flows.
  const wanted = address.exec(location.hash)

  function start() {
    const list = toban.list.make(open)
    const panel = toban.panel.make(back)
    const rehearsal = toban.rehearsal.make()
    const content = el('div.toban-sidebar', {}, rehearsal.root, list.root)
    let last = null // the run that was open

    function open(run) {
      last = run
      panel.root.hidden = false
      panel.open(run)
    }

    function back() {
      panel.root.hidden = true
      list.update()
      const row = last && content.querySelector(`[data-run="${CSS.escape(last)}"]`)
      if (row) row.focus()
    }

    RED.sidebar.addTab({
      id: tabId, label: t('sidebar.label'), name: t('sidebar.name'), iconClass: 'fa fa-history',
      content, enableOnEdit: true, action: 'toban:show-runs', onchange: () => list.update(),
    })
    toban.problemList.add()
    RED.actions.add('toban:show-runs', () => RED.sidebar.show(tabId))
    panel.root.hidden = true
    adapter.coverSidebar(content, panel.root)

    function openAddress(match) {
      if (!match) return
      RED.sidebar.show(tabId)
      open(match[1])
    }
    window.addEventListener('hashchange', () => openAddress(address.exec(location.hash)))
    document.addEventListener('keydown', (event) => {
      const inForm = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable], dialog, .red-ui-tray')
      if (event.key !== 'Escape' || !panel.isOpen() || inForm) return
      event.stopPropagation() // what had the focus may be gone now, and the editor looks at it
      panel.close()
    })

    // Inside a subflow the list stays with the tab that one came from.
    const follow = () => { if (adapter.isTab(adapter.activeFlow())) toban.runs.show(adapter.activeFlow()) }
    adapter.onFlowChange(follow)
    RED.events.on('flows:loaded', () => {
      follow()
      toban.questions.watch()
      rehearsal.load().catch(() => {})
      toban.problems.load()
      setTimeout(() => openAddress(wanted), 100) // the editor opens its own sidebar tab first
    })
    toban.runs.watch()
    toban.session.watch()
    toban.problems.watch()
    toban.deploy.watch()
    RED.events.on('login', lock)
    lock()
  }

  /** Who may look only sees that, and why. */
  const lock = () => adapter.lockDeploy(RED.user.hasPermission('flows.write') ? '' : t('deploy.locked'))

  RED.plugins.registerPlugin('toban-runs', { type: 'toban-runs', onadd: start })
})()
