(() => {
  'use strict'

  const units = ['milliseconds', 'seconds', 'minutes', 'hours', 'days']

  const summary = (node) => {
    const channel = (node.channel ?? '').replace(/^#/, '')
    return channel === '' || channel.includes('{{') ? node._('type') : `#${channel}`
  }

  RED.nodes.registerType('slack-ask', {
    category: 'toban',
    paletteLabel: 'slack\u2011ask', // the palette breaks a line at a plain hyphen, and spaces it
    color: '#e3bfae',
    defaults: {
      name: { value: '' },
      slack: { value: '', type: 'slack-connection', required: false },
      channel: { value: '', validate: Toban.check.channel() },
      msg: { value: '', validate: Toban.check.custom((value) => Toban.slackMessage.messageProblem(value, { buttons: true })) },
      timeout: { value: '', validate: Toban.check.range(0, 4e9, 'timeout') },
      timeoutUnits: { value: 'minutes', validate: Toban.check.only(units, 'units') },
      approvers: { value: '', validate: Toban.check.approvers() },
    },
    inputs: 1,
    outputs: 1,
    icon: 'ask.svg',
    label() {
      return this.name || summary(this)
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : ''
    },
    oneditprepare() {
      Toban.fillFields(this)
      Toban.keepChoice(this, 'timeoutUnits')
      Toban.templateButton(this, 'msg')
      Toban.showProblems(this)
    },
  })
})()
