/* Steps through a run: to a step, forward and back, or by itself. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban
  const pause = 1200 // ms between two steps at speed 1
  const speeds = [0.5, 1, 2, 4]

  /** Makes a player; onMove(index) is told where it stands. -1 is the whole run. */
  function make(onMove) {
    let count = 0
    let at = -1
    let speed = 1
    let timer = 0

    const button = (icon, label, click) => el('button.red-ui-button.red-ui-button-small', {
      type: 'button', 'aria-label': label, title: label, click,
    }, el('i.fa.' + icon, { 'aria-hidden': 'true' }))
    const first = button('fa-fast-backward', t('player.first'), () => user(0))
    const back = button('fa-step-backward', t('player.back'), () => user(Math.max(0, at < 0 ? count - 1 : at - 1)))
    const play = button('fa-play', t('player.play'), () => (timer ? stop() : start()))
    const forward = button('fa-step-forward', t('player.forward'), () => user(Math.min(count - 1, at + 1)))
    const whole = button('fa-map-o', t('player.whole'), () => user(-1))
    const place = el('span.toban-place', { 'aria-live': 'polite' })
    const speedBox = el('select', { 'aria-label': t('player.speed'), change: (event) => { speed = Number(event.target.value) } },
      ...speeds.map((value) => el('option', { value, selected: value === 1 }, value + '×')))
    const root = el('div.toban-player', { role: 'group', tabindex: '-1', 'aria-label': t('player.label') }, first, back, play, forward, whole, place, speedBox)

    function move(index) {
      at = index
      place.textContent = at < 0 ? t('player.all', { n: count }) : `${at + 1} / ${count}`
      first.disabled = back.disabled = at === 0 || count === 0
      forward.disabled = at >= count - 1
      keepFocus()
      onMove(at)
    }

    // A button that is disabled under one's finger would take the keys with it.
    function keepFocus() {
      const here = document.activeElement
      if (here && here.disabled && root.contains(here)) root.focus()
    }

    function user(index) {
      stop()
      move(index)
    }

    function start() {
      if (count === 0) return
      if (at < 0 || at >= count - 1) move(0)
      look('fa-pause', t('player.pause'))
      timer = setTimeout(tick, pause / speed)
    }

    function tick() {
      if (at >= count - 1) {
        stop()
        return
      }
      move(at + 1)
      timer = setTimeout(tick, pause / speed)
    }

    function stop() {
      clearTimeout(timer)
      timer = 0
      look('fa-play', t('player.play'))
    }

    function look(icon, label) {
      play.firstChild.className = 'fa ' + icon
      play.setAttribute('aria-label', label)
      play.title = label
    }

    /** Left and right step, space plays: as a player's keys do. */
    function key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return false
      if (event.key === 'ArrowLeft') back.click()
      else if (event.key === 'ArrowRight') forward.click()
      else if (event.key === 'Home') first.click()
      else if (event.key === ' ' && !/^(BUTTON|SELECT|INPUT|A)$/.test(event.target.tagName)) play.click()
      else return false
      return true
    }

    return {
      root, key, stop,
      at: () => at,
      go: user,
      setCount(n) {
        count = n
        move(Math.min(at, n - 1))
      },
    }
  }

  toban.player = { make }
})()
