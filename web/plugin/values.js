/* A step's values as trees, as the debug sidebar shows messages. */
(function () {
  'use strict'

  const toban = window.tobanRuns
  const { el, t } = toban

  /** A value's tree; the first level is open. */
  function tree(value, path, open = ['', 'payload']) {
    const box = el('div.toban-value')
    const element = RED.utils.createObjectElement(value, {
      rootPath: path, path: '', sourceId: 'toban', hideKey: false, exposeApi: false, enablePinning: false,
      expandPaths: value && typeof value === 'object' ? open : [],
    })
    $(box).append(element)
    return box
  }

  const section = (title, ...content) => el('section.toban-values', {}, el('h4', {}, title), ...content)

  /** A step's input and outputs. */
  function ofStep(step) {
    const parts = []
    if (step.input !== undefined) parts.push(section(t('step.input'), tree(step.input, 'msg')))
    const outputs = step.outputs || []
    const several = outputs.length > 1
    outputs.forEach((messages, port) => messages.forEach((message) =>
      parts.push(section(several ? t('step.outputAt', { n: port + 1 }) : t('step.output'), tree(message, 'msg')))))
    if (parts.length === 0) parts.push(el('p.toban-note', {}, t('step.noValues')))
    return parts
  }

  /** A node's configuration, of a revision that isn't on the canvas. */
  const ofConfig = (node) => el('section.toban-values', {}, el('h4', {}, t('step.config')), tree(node, 'node', []))

  toban.values = { ofStep, ofConfig }
})()
