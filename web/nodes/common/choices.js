// Fields whose value in the flow may be none that a form would write.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /**
   * Fills a select that came back empty: with the default where the flow says
   * nothing, with the flow's own value where that isn't offered. So opening and
   * closing a dialog changes nothing.
   */
  Toban.keepChoice = (node, property) => {
    const input = Toban.input(node, property)
    const value = node[property] ?? node._def.defaults[property].value
    if (!input.find('option').toArray().some((option) => option.value === String(value))) {
      input.append(Toban.element('option', { value: String(value) }, String(value)))
    }
    input.val(String(value))
  }

  /**
   * Fills a dialog as the engine reads the flow: what is missing has its default,
   * and flows of old write "false" as a text.
   */
  Toban.fillFields = (node) => {
    for (const [property, { value, type }] of Object.entries(node._def.defaults)) {
      if (type) continue // a config node: the editor fills that
      const here = node[property] ?? value
      const input = Toban.input(node, property)
      if (typeof value === 'boolean') input.prop('checked', here === true || here === 'true')
      else if (node[property] === undefined) input.val(String(value))
    }
  }

  /** Shows a row only if the flow has another value than the one that our engine knows. */
  Toban.foreignChoice = (node, property) => {
    Toban.keepChoice(node, property)
    const input = Toban.input(node, property)
    input.closest('.form-row').prop('hidden', input.val() === node._def.defaults[property].value)
  }
})()
