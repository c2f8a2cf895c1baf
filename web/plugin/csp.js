/*
 * A few buttons of the editor's info sidebar have their action in an onclick
 * attribute, which our content security policy forbids. The markup is changed as
 * jQuery reads it, and one listener does what the attributes say: these calls
 * and no others.
 */
(function () {
  'use strict'

  const inline = /\sonclick="(RED\.[a-zA-Z.]+\((?:'(?:[^'"\\]|\\.)*')?\))[^"]*"/g
  const call = /^RED\.([a-zA-Z.]+)\((?:'((?:[^'\\]|\\.)*)')?\)$/

  const actions = {
    'workspaces.show': (id) => RED.workspaces.show(id),
    'search.show': (text) => RED.search.show(text),
    'sidebar.help.show': (type) => RED.sidebar.help.show(type),
    'actions.invoke': (name) => RED.actions.invoke(name),
    'sidebar.versionControl.showLocalChanges': () => RED.sidebar.versionControl.showLocalChanges(),
  }

  const before = jQuery.htmlPrefilter
  jQuery.htmlPrefilter = (html) => {
    const text = before.call(jQuery, html)
    return typeof text === 'string' && text.includes('onclick=') ? text.replace(inline, ' data-toban-click="$1"') : text
  }

  // The program that draws diagrams in descriptions is left out (it is as large
  // as all the rest, and would be fetched at each selection): their text shows.
  RED.editor.mermaid.render = () => Promise.resolve()

  document.addEventListener('click', (event) => {
    const element = event.target instanceof Element && event.target.closest('[data-toban-click]')
    const match = element && call.exec(element.dataset.tobanClick)
    const action = match && actions[match[1]]
    if (!action) return
    event.preventDefault()
    action((match[2] || '').replace(/\\(.)/g, '$1'))
  })
})()
