/* Times and states as people read them. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  /** A duration in ms. */
  function duration(ms) {
    if (ms < 1) return t('time.short')
    if (ms < 1000) return t('time.ms', { n: Math.round(ms) })
    const s = ms / 1000
    if (s < 60) return t('time.s', { n: s < 10 ? Math.round(s * 10) / 10 : Math.round(s) })
    const minutes = Math.floor(s / 60)
    if (minutes < 60) return t('time.min', { m: minutes, s: Math.floor(s % 60) })
    return t('time.h', { h: Math.floor(minutes / 60), m: minutes % 60 })
  }

  /** How long is left until a time, in whole minutes or seconds. */
  function remaining(deadline) {
    const s = Math.floor((new Date(deadline) - Date.now()) / 1000)
    if (s <= 0) return t('time.over')
    if (s < 60) return t('time.s', { n: s })
    if (s < 3600) return t('time.minutes', { n: Math.floor(s / 60) })
    return t('time.h', { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) })
  }

  const sameDay = (a, b) => a.toDateString() === b.toDateString()

  /** A time of today as a clock shows it, others with their date. */
  function clock(time) {
    const at = new Date(time)
    const day = sameDay(at, new Date()) ? {} : { month: 'numeric', day: 'numeric' }
    return at.toLocaleString(toban.language(), { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' })
  }

  const icons = {
    running: 'fa-spinner', waiting: 'fa-clock-o', done: 'fa-check', failed: 'fa-times', cancelled: 'fa-ban',
    caught: 'fa-life-ring', unknown: 'fa-question', preview: 'fa-eye', hint: 'fa-exclamation-triangle',
  }

  /** A state with its icon and word; the icon alone would be a riddle. title says more, if there is more to say. */
  const state = (name, word, title) => el('span.toban-state.toban-is-' + name, { title },
    el('i.fa.' + (icons[name] || 'fa-circle'), { 'aria-hidden': 'true' }), ' ', word)

  const runState = (run) => state(run.status, t('run.' + run.status))

  toban.format = { duration, remaining, clock, state, runState }
})()
