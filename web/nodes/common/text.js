// What every form needs: texts, and the values that a dialog shows at the moment.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /**
   * Gives a text that the forms share, in the reader's language.
   * @param {string} key of common/texts.*.json
   * @param {Object<string, string|number>} [values] for its places, which are written __name__
   */
  Toban.text = (key, values) => RED._(`toban/common:${key}`, values)

  /** The beginning of the ids of a node's inputs. */
  Toban.prefix = (node) => (node._def.category === 'config' ? 'node-config-input' : 'node-input')

  /** Gives the input of a node's property as a jQuery object, empty if no open dialog has one. */
  Toban.input = (node, property) => {
    const open = RED.editor.getEditStack().some((edited) => edited.id === node.id)
    return open ? $(`#${Toban.prefix(node)}-${property}`) : $()
  }

  /** Gives a property's value: as its dialog shows it, else as the node has it. */
  Toban.value = (node, property) => {
    const input = Toban.input(node, property)
    if (input.length === 0) return node[property]
    return input.attr('type') === 'checkbox' ? input.prop('checked') : input.val()
  }

  /** Makes an element; text is never taken for HTML. */
  Toban.element = (name, attributes = {}, ...children) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.append(...children)
    return element
  }

  /** Makes a button with a click handler; size is small or large. */
  Toban.button = (text, onClick, icon, size = 'small') => {
    const button = Toban.element('button', { type: 'button', class: `red-ui-button red-ui-button-${size}` })
    if (icon) button.append(Toban.element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }), ' ')
    button.append(text)
    button.addEventListener('click', onClick)
    return button
  }
})()
