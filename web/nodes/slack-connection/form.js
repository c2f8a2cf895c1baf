(() => {
  'use strict'

  const stored = '__PWRD__'

  function botTokenProblem(value) {
    const token = value.trim()
    if (token === '' || token === stored || token.startsWith('xoxb-')) return null
    return Toban.text(token.startsWith('xapp-') ? 'problem.tokensSwapped' : 'problem.botToken')
  }

  function appTokenProblem(value) {
    const token = value.trim()
    if (token === '' || token === stored || token.startsWith('xapp-')) return null
    return Toban.text(token.startsWith('xoxb-') ? 'problem.tokensSwapped' : 'problem.appToken')
  }

  function signingSecretProblem(value) {
    const secret = value.trim()
    return secret === '' || secret === stored || /^[0-9a-f]{32}$/i.test(secret) ? null : Toban.text('problem.signingSecret')
  }

  // wayIn: a connection with neither can post, but nobody can answer it.
  const wayIn = (node) => () => {
    const none = Toban.value(node, 'appToken') === '' && Toban.value(node, 'signingSecret') === ''
    return none && Toban.value(node, 'botToken') !== '' ? [Toban.text('problem.wayIn')] : []
  }

  function offerZones() {
    const zones = Intl.supportedValuesOf?.('timeZone') ?? []
    $('#toban-zones').append(zones.map((zone) => Toban.element('option', { value: zone })))
  }

  RED.nodes.registerType('slack-connection', {
    category: 'config',
    defaults: {
      name: { value: '' },
      opsChannel: { value: '', validate: Toban.check.channel() },
      lang: { value: '' },
      tz: { value: '', validate: Toban.check.zone() },
    },
    credentials: {
      botToken: { type: 'password', validate: Toban.check.custom((value) => botTokenProblem(value)) },
      appToken: { type: 'password', validate: Toban.check.custom((value) => appTokenProblem(value)) },
      signingSecret: { type: 'password', validate: Toban.check.custom((value) => signingSecretProblem(value)) },
    },
    label() {
      return this.name || (this.opsChannel ? `Slack #${this.opsChannel.replace(/^#/, '')}` : this._('type'))
    },
    oneditprepare() {
      Toban.fillFields(this)
      Toban.keepChoice(this, 'lang')
      offerZones()
      Toban.showProblems(this)
      Toban.advise(this, 'appToken', wayIn(this), ['botToken', 'signingSecret'])
      Toban.testButton(this)
    },
  })
})()
