(() => {
  'use strict'

  // summary is the command's first line, for a node without a name.
  const summary = (command) => (command ?? '').trim().split('\n', 1)[0].slice(0, 30)

  const advice = (node) => () => Toban.shell.advice(Toban.value(node, 'command'), Toban.value(node, 'raw'))

  RED.nodes.registerType('command', {
    category: 'toban',
    color: '#b5c9b0',
    defaults: {
      name: { value: '' },
      connectionconfig: { value: '', type: 'connection', required: true, label: Toban.text('common.connection') },
      command: { value: '', validate: Toban.check.custom((value) => Toban.shell.problem(value)) },
      timer: { value: '0', validate: Toban.check.range(0, 31622400, 'timer') },
      oldrc: { value: false },
      env: { value: '', validate: Toban.check.custom((value) => Toban.shell.envProblem(value)) },
      pty: { value: false },
      trim: { value: false },
      field: { value: 'payload', validate: RED.validators.typedInput({ typeField: 'fieldType', allowBlank: true, allowUndefined: true }) },
      fieldType: { value: 'msg' },
      raw: { value: false },
      safe: { value: false },
    },
    inputs: 1,
    outputs: 1,
    icon: 'terminal.svg',
    label() {
      return this.name || summary(this.command) || this._('type')
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : ''
    },
    oneditprepare() {
      Toban.fillFields(this)
      $('#node-input-field').typedInput({
        default: 'msg', types: ['msg', 'flow', 'global'], typeField: $('#node-input-fieldType'),
      })
      $('#node-input-field').typedInput('type', this.fieldType || 'msg')
      $('#node-input-field').typedInput('value', this.field || 'payload')
      Toban.showProblems(this)
      Toban.advise(this, 'command', advice(this), ['raw'])
    },
  })
})()
