/* The switch that makes the runs of a tab rehearsals, and the mark while it is on. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t, adapter } = toban

  /** Makes the switch: {root, load()}. */
  function make() {
    let tabs = {}
    const box = el('input', { type: 'checkbox', role: 'switch', id: 'toban-rehearsal', change: () => turn(box.checked) })
    const name = el('span')
    const root = el('div.toban-rehearsal', {}, box,
      el('label', { for: 'toban-rehearsal' }, el('strong', {}, t('rehearsal.switch')), ' ', name))
    const ribbon = el('div.toban-ribbon', { role: 'status', hidden: true },
      el('i.fa.fa-eye', { 'aria-hidden': 'true' }), ' ', t('rehearsal.ribbon'))

    async function load() {
      tabs = (await toban.api.rehearsal()).tabs
      show()
    }

    async function turn(on) {
      const tab = adapter.activeFlow()
      box.disabled = true
      try {
        await toban.api.setRehearsal(tab, on)
        tabs[tab] = on
      } catch (problem) {
        RED.notify(document.createTextNode(problem.message), 'error')
      }
      show()
    }

    function show() {
      const tab = adapter.activeFlow()
      const deployed = tab in tabs
      box.checked = tabs[tab] === true
      box.disabled = !deployed || !RED.user.hasPermission('flows.write')
      name.textContent = deployed ? t(box.checked ? 'rehearsal.on' : 'rehearsal.off') : t('rehearsal.notDeployed')
      if (!ribbon.isConnected) adapter.workspace().append(ribbon)
      ribbon.hidden = !box.checked
      for (const [id, on] of Object.entries(tabs)) {
        const label = adapter.tabLabel(id)
        if (label) label.classList.toggle('toban-tab-rehearsed', on)
      }
    }

    adapter.onFlowChange(show)
    RED.events.on('deploy', () => load().catch(() => {}))
    RED.comms.on('connect', () => load().catch(() => {}))
    return { root, load }
  }

  toban.rehearsal = { make }
})()
