(() => {
  'use strict'

  // What the flow says by two properties, as one choice.
  const securities = {
    tls: { useSSL: true },
    required: { useSSL: false, autotls: 'required' },
    always: { useSSL: false, autotls: 'always' },
    never: { useSSL: false, autotls: 'never' },
  }

  function securityOf(node) {
    if (node.useSSL === true || node.useSSL === 'true' || node.useSSL === undefined) return 'tls'
    return securities[node.autotls] ? node.autotls : 'always'
  }

  function prepareSecurity(node) {
    const choice = $('#toban-mail-security').val(securityOf(node))
    const show = () => {
      $('#node-input-port').attr('placeholder', choice.val() === 'tls' ? '993' : '143')
      $('#toban-mail-plain').text(choice.val() === 'never' ? Toban.text('advice.plainMail') : '').prop('hidden', choice.val() !== 'never')
    }
    choice.on('change', () => {
      const { useSSL, autotls } = securities[choice.val()]
      $('#node-input-useSSL').prop('checked', useSSL)
      if (autotls) $('#node-input-autotls').val(autotls)
      show()
    })
    show()
  }

  RED.nodes.registerType('e-mail in', {
    category: 'toban',
    paletteLabel: 'e\u2011mail in', // the palette breaks a line at a plain hyphen, and spaces it
    color: '#a9c7dd',
    defaults: {
      name: { value: '' },
      protocol: { value: 'IMAP', validate: Toban.check.only(['IMAP'], 'protocol') },
      server: { value: '', validate: Toban.check.host() },
      useSSL: { value: true },
      autotls: { value: '' },
      port: { value: '', validate: Toban.check.port() },
      authtype: { value: 'BASIC', validate: Toban.check.only(['BASIC'], 'authtype') },
      box: { value: 'INBOX' },
      disposition: { value: 'Read' },
      repeat: { value: '300', validate: Toban.check.range(1.5, 31622400, 'repeat') },
      criteria: { value: 'UNSEEN' },
      fetch: { value: 'auto' },
    },
    credentials: {
      userid: { type: 'text', validate: Toban.check.present('userMissing') },
      password: { type: 'password', validate: Toban.check.present('passwordMissing') },
    },
    inputs: 0,
    outputs: 1,
    icon: 'mail-in.svg',
    label() {
      return this.name || this.server || this._('type')
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : ''
    },
    oneditprepare() {
      Toban.fillFields(this)
      prepareSecurity(this)
      Toban.keepChoice(this, 'disposition')
      for (const property of ['protocol', 'authtype', 'criteria', 'fetch']) Toban.foreignChoice(this, property)
      Toban.showProblems(this)
      Toban.testButton(this)
    },
  })
})()
