// SSH keys as people paste them.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  const publicKey = /^(?:\S+ +)?(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) +AAAA[A-Za-z0-9+/=]+/

  /**
   * Mends what copying does to a private key: CRLF, blanks around lines, line
   * breaks written as \n, no line end at the end.
   */
  function tidy(text) {
    const whole = text.includes('\n') ? text : text.replaceAll('\\r', '').replaceAll('\\n', '\n')
    const lines = whole.replace(/\r\n?/g, '\n').split('\n').map((line) => line.trim())
    const key = lines.join('\n').trim()
    return key === '' ? '' : `${key}\n`
  }

  /** What is wrong with a private key, or null. */
  function problem(text) {
    const key = tidy(text)
    if (key === '' || key === '__PWRD__\n') return null
    if (key.startsWith('PuTTY-User-Key-File-')) return Toban.text('key.ppk')
    if (publicKey.test(key) || key.startsWith('---- BEGIN SSH2 PUBLIC KEY') || key.startsWith('-----BEGIN PUBLIC KEY')) return Toban.text('key.public')
    if (!/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\n/.test(key)) return Toban.text('key.notKey')
    if (!/\n-----END [A-Z0-9 ]*PRIVATE KEY-----\n$/.test(key)) return Toban.text('key.cut')
    return null
  }

  /** Whether a private key is locked by a passphrase. */
  function locked(text) {
    const key = tidy(text)
    if (/BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(key)) return true
    const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)/.exec(key)
    if (!body) return false
    // "openssh-key-v1", NUL, then the cipher's name with its length in four bytes.
    const head = atob(body[1].replaceAll('\n', '').slice(0, 40))
    return head.startsWith('openssh-key-v1\0') && !head.slice(19).startsWith('none')
  }

  /** What is wrong with a pinned host key, or null. */
  function hostKeyProblem(text) {
    const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    if (lines.length === 0 || lines.every((line) => publicKey.test(line))) return null
    return Toban.text(/^(SHA256|MD5):/.test(lines[0]) ? 'key.fingerprint' : 'key.hostKey')
  }

  Toban.sshKey = { tidy, problem, locked, hostKeyProblem }
})()
