// The first template of a type's help, for those who would rather not copy it.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  function firstExample(type) {
    const help = new DOMParser().parseFromString(RED.nodes.getNodeHelp(type) ?? '', 'text/html')
    return help.querySelector('.toban-example pre')?.textContent.trim()
  }

  /** Puts a button below a text area that writes the help's template into it; undo brings back what was there. */
  Toban.templateButton = (node, property) => {
    const template = firstExample(node.type)
    const area = Toban.input(node, property)[0]
    if (!template || !area) return
    area.after(Toban.element('div', { class: 'toban-buttons' }, Toban.button(Toban.text('template.insert'), () => {
      area.focus()
      area.select()
      document.execCommand('insertText', false, template)
    }, 'fa-magic')))
  }
})()
