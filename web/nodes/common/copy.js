// Copy buttons of help texts. The help sidebar makes its content anew each
// time, so one handler of the whole page serves them all.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  // copyExample copies the <pre> that a button stands beside.
  function copyExample(button) {
    const example = button.closest('.toban-example').querySelector('pre')
    const done = RED.clipboard.copyText(example.textContent.replace(/^\n|\n$/g, ''))
    RED.notify(Toban.element('span', {}, Toban.text(done ? 'copy.copied' : 'copy.failed')), { type: done ? 'success' : 'warning', timeout: 2500 })
    button.focus()
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('.toban-example .toban-copy')
    if (button) copyExample(button)
  })
})()
