/* The switch that makes the runs of a tab rehearsals, and the mark while it is on. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t, adapter } = toban

  /** Makes the switch: {root, load()}. */
  function make() {
    let tabs = {}
    const box = el('input', { type: 'checkbox', role: 'switch', id: 'toban-rehearsal', change: () => change() })
    const name = el('span')
    const root = el('div.toban-rehearsal', {}, box,
      el('label', { for: 'toban-rehearsal' }, el('strong', {}, t('rehearsal.switch')), ' ', name))
    const ribbon = el('div.toban-ribbon', { role: 'status', hidden: true },
      el('i.fa.fa-eye', { 'aria-hidden': 'true' }), ' ', t('rehearsal.ribbon'))

    async function load() {
      tabs = (await toban.api.rehearsal()).tabs
      show()
    }

    // Switching it off lets things happen, so that is asked about.
    async function change() {
      const [tab, on] = [adapter.activeFlow(), box.checked]
      if (!on) box.checked = true // until that is agreed to
      box.disabled = true
      if (on || await agreed(tab)) await turn(tab, on)
      show()
      box.focus()
    }

    async function turn(tab, on) {
      try {
        await toban.api.setRehearsal(tab, on)
        tabs[tab] = on
      } catch (problem) {
        RED.notify(document.createTextNode(problem.message), 'error')
      }
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

  /** Asks whether a tab is to work for real from now on. */
  function agreed(tab) {
    return new Promise((resolve) => {
      const decide = (yes) => { notice.close(); resolve(yes) }
      const notice = RED.notify(el('div', {}, el('p', {}, t('rehearsal.sure', { tab: adapter.tabName(tab) })),
        el('p', {}, t('rehearsal.commands')), el('p', {}, t('rehearsal.mails'))), {
        modal: true, fixed: true, type: 'warning',
        buttons: [
          { text: t('rehearsal.keep'), click: () => decide(false) },
          { text: t('rehearsal.end'), class: 'primary', click: () => decide(true) },
        ],
      })
    })
  }

  toban.rehearsal = { make }
})()
