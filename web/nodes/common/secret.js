// A secret of several lines. The editor's own password fields have one line, so
// this is a text area that shows dots until it is asked to show letters. What
// the server keeps is never sent here: its place is taken by a mark, as in the
// editor's password fields.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})
  const stored = '__PWRD__'

  /**
   * Makes a text area of a dialog one for a secret.
   * @param {jQuery} input the text area
   * @param {(text: string) => string} tidy mends what was pasted
   */
  Toban.secretText = (input, tidy) => {
    const area = input[0]
    const had = area.value === stored
    const box = Toban.element('div', { class: 'toban-secret' })
    area.replaceWith(box)
    const note = Toban.element('p', { class: 'toban-stored' }, Toban.text('secret.stored'))
    const set = (value) => {
      area.value = value
      refresh()
      input.trigger('change')
    }
    const buttons = {
      replace: Toban.button(Toban.text('secret.replace'), () => { set(''); area.focus() }, 'fa-pencil'),
      remove: Toban.button(Toban.text('secret.remove'), () => set(''), 'fa-trash-o'),
      keep: Toban.button(Toban.text('secret.keep'), () => set(stored), 'fa-undo'),
      show: Toban.button(Toban.text('secret.show'), () => { reveal(area, buttons.show) }, 'fa-eye'),
      file: fileButton(async (file) => set(tidy(await file.text()))),
    }
    const refresh = () => {
      const kept = area.value === stored
      area.hidden = kept
      note.hidden = !kept
      buttons.replace.hidden = buttons.remove.hidden = !kept
      buttons.show.hidden = kept
      buttons.keep.hidden = kept || !had
    }
    box.append(note, area, Toban.element('div', { class: 'toban-buttons' }, ...Object.values(buttons)))
    area.classList.add('toban-masked')
    area.addEventListener('change', () => { if (area.value !== stored) area.value = tidy(area.value) })
    area.addEventListener('paste', () => setTimeout(() => set(tidy(area.value))))
    refresh()
  }

  function reveal(area, button) {
    const masked = area.classList.toggle('toban-masked')
    button.lastChild.textContent = Toban.text(masked ? 'secret.show' : 'secret.hide')
    button.setAttribute('aria-pressed', String(!masked))
  }

  // Keys have a few kB; a larger file is another one.
  const maxFile = 64 << 10

  function fileButton(use) {
    const file = Toban.element('input', { type: 'file', hidden: '' })
    const button = Toban.button(Toban.text('secret.file'), () => file.click(), 'fa-folder-open-o')
    file.addEventListener('change', () => {
      const [chosen] = file.files
      if (chosen && chosen.size <= maxFile) use(chosen)
      else if (chosen) RED.notify(Toban.text('secret.tooBig'), 'warning')
      file.value = ''
    })
    return button
  }
})()
