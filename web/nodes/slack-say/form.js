(() => {
  'use strict'

  function messageProblem(value, node) {
    return Toban.value(node, 'output') === 'json'
      ? Toban.slackMessage.messageProblem(value, { buttons: false })
      : Toban.slackMessage.textProblem(value)
  }

  const advice = (node) => () => {
    const asText = Toban.value(node, 'output') !== 'json'
    return asText && Toban.slackMessage.looksLikeMessage(Toban.value(node, 'msg')) ? [Toban.text('advice.looksLikeJSON')] : []
  }

  const summary = (node) => {
    const channel = (node.channel ?? '').replace(/^#/, '')
    return channel === '' || channel.includes('{{') ? node._('type') : `#${channel}`
  }

  // The output is there if the message goes on. The type itself has no number
  // of outputs: flows that don't say it then keep as many as they have wires.
  function prepareOutput() {
    const goOn = $('#node-input-gonext')
    const count = () => $('#node-input-outputs').val(goOn.prop('checked') ? 1 : 0)
    goOn.on('change', count)
    count()
  }

  RED.nodes.registerType('slack-say', {
    category: 'toban',
    paletteLabel: 'slack\u2011say', // the palette breaks a line at a plain hyphen, and spaces it
    color: '#cbb9de',
    defaults: {
      name: { value: '' },
      slack: { value: '', type: 'slack-connection', required: false },
      channel: { value: '', validate: Toban.check.channel() },
      msg: { value: '', validate: Toban.check.custom(messageProblem) },
      output: { value: 'str', validate: Toban.check.only(['str', 'json'], 'output') },
      gonext: { value: false },
      outputs: { value: 0 },
    },
    inputs: 1,
    icon: 'say.svg',
    label() {
      return this.name || summary(this)
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : ''
    },
    oneditprepare() {
      Toban.fillFields(this)
      Toban.keepChoice(this, 'output')
      prepareOutput()
      Toban.templateButton(this, 'msg')
      Toban.showProblems(this, { msg: ['output'] })
      Toban.advise(this, 'msg', advice(this), ['output'])
    },
  })
})()
