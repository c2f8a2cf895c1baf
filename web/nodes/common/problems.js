// Problems and advice, in words below the field that they are about.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /**
   * Shows below a field what texts() gives, now and after every change of the
   * field and of others.
   * @param {jQuery} input
   * @param {() => string[]} texts
   * @param {'problem'|'advice'} kind
   * @param {jQuery} [others] fields that matter, too
   */
  function below(input, texts, kind, others = $()) {
    if (input.length === 0) return
    const note = Toban.element('div', { class: `toban-${kind}`, id: `${input.attr('id')}-${kind}`, 'aria-live': 'polite' })
    input.closest('.form-row').append(note)
    const show = () => {
      const found = texts()
      const text = found.join('\n')
      if (note.textContent !== text) note.textContent = text
      note.hidden = text === ''
      if (kind === 'problem') input.attr('aria-invalid', text === '' ? 'false' : 'true')
      describe(input, note.id, text !== '')
    }
    input.add(others).on('input change', show)
    show()
  }

  // describe ties the note to the field for screen readers.
  function describe(input, id, on) {
    const ids = new Set((input.attr('aria-describedby') ?? '').split(' ').filter((other) => other !== ''))
    if (on) ids.add(id)
    else ids.delete(id)
    if (ids.size > 0) input.attr('aria-describedby', [...ids].join(' '))
    else input.removeAttr('aria-describedby')
  }

  /**
   * Shows the problems of all checked fields of a dialog.
   * @param {object} node the edited node
   * @param {Object<string, string[]>} [depends] other properties that a property's check reads
   */
  Toban.showProblems = (node, depends = {}) => {
    for (const [property, field] of Object.entries({ ...node._def.defaults, ...node._def.credentials })) {
      if (!field.validate) continue
      const others = (depends[property] ?? []).map((other) => Toban.input(node, other)[0]).filter(Boolean)
      below(Toban.input(node, property), () => problemsOf(node, field, property), 'problem', $(others))
    }
  }

  const reference = /^\$[({][A-Za-z_]\w*[)}]$/

  function problemsOf(node, field, property) {
    const value = Toban.value(node, property)
    if (reference.test(value)) return [] // an environment variable: known only to the server
    const found = field.validate.call(node, value, {})
    return found === true ? [] : [found]
  }

  /** Shows advice below a field; texts gives it. */
  Toban.advise = (node, property, texts, others = []) => {
    below(Toban.input(node, property), texts, 'advice', $(others.map((other) => Toban.input(node, other)[0]).filter(Boolean)))
  }
})()
