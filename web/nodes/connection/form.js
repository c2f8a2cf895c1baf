(() => {
  'use strict'

  function prepareKey(node) {
    const key = $('#node-config-input-privateKey')
    Toban.secretText(key, Toban.sshKey.tidy)
    const passphrase = $('#node-config-input-passphrase')
    Toban.advise(node, 'privateKey', () => {
      const missing = Toban.sshKey.locked(key.val()) && passphrase.val() === ''
      return missing ? [Toban.text('key.locked')] : []
    }, ['passphrase'])
  }

  RED.nodes.registerType('connection', {
    category: 'config',
    defaults: {
      name: { value: '' },
      host: { value: '', validate: Toban.check.host() },
      port: { value: '', validate: Toban.check.port() },
      username: { value: '', validate: Toban.check.present('userMissing') },
      hostKey: { value: '', validate: Toban.check.custom((value) => Toban.sshKey.hostKeyProblem(value)) },
      resumable: { value: false },
    },
    credentials: {
      password: { type: 'password' },
      privateKey: { type: 'password', validate: Toban.check.custom((value) => Toban.sshKey.problem(value)) },
      passphrase: { type: 'password' },
    },
    label() {
      const account = this.username ? `${this.username}@${this.host}` : this.host
      return this.name || account || this._('type')
    },
    oneditprepare() {
      Toban.fillFields(this)
      prepareKey(this)
      Toban.showProblems(this)
      Toban.testButton(this)
    },
  })
})()
