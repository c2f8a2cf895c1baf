// Checks of fields. Each makes a validator: it gets the value, and gives true or
// a text that says what is wrong and what would be right.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  const blank = (value) => value === undefined || value === null || String(value).trim() === ''

  // check makes a validator of problem, which gives the key of a text or null.
  // The editor passes texts on only from functions with two parameters.
  const check = (problem) => function (value, _options) {
    const found = problem(blank(value) ? '' : String(value).trim(), this)
    return found === null ? true : Toban.text(`problem.${found}`)
  }

  const number = (value) => (/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : NaN)

  function hostProblem(value) {
    if (value === '') return 'hostMissing'
    if (value.includes('://')) return 'hostUrl'
    if (value.includes('@')) return 'hostUser'
    if (/\s|[/\\]/.test(value)) return 'hostForm'
    if (/^[^:]+:\d+$/.test(value)) return 'hostPort'
    return null
  }

  // Slack's own rule: no blanks, no capitals, at most 80 characters; ids (of people,
  // too, for direct messages) are capitals and digits.
  function channelProblem(value) {
    if (value === '' || value.includes('{{')) return null
    const name = value.replace(/^#/, '')
    if (/^[CGDUW][A-Z0-9]{7,}$/.test(name)) return null
    return name !== '' && name.length <= 80 && !/[\s#@.,:;!?"'()<>/\\A-Z]/.test(name) ? null : 'channel'
  }

  function zoneProblem(value) {
    if (value === '') return null
    try {
      new Intl.DateTimeFormat('en', { timeZone: value })
      return value.includes('/') || value === 'UTC' ? null : 'zone'
    } catch {
      return 'zone'
    }
  }

  function approversProblem(value) {
    const ids = value.split(/[\s,;、]+/).filter((id) => id !== '')
    return ids.every((id) => /^[UW][A-Z0-9]{2,}$/.test(id)) ? null : 'approvers'
  }

  const within = (min, max, problem) => (value) => {
    const n = number(value)
    return value === '' || (n >= min && n <= max) ? null : problem
  }

  Toban.check = {
    host: () => check(hostProblem),
    /** A port, or nothing for the usual one. */
    port: () => check((value) => (value === '' || (/^\d+$/.test(value) && value >= 1 && value <= 65535) ? null : 'port')),
    /** A number between two bounds, or nothing; problem is the key of the text. */
    range: (min, max, problem) => check(within(min, max, problem)),
    channel: () => check((value) => channelProblem(value)),
    zone: () => check(zoneProblem),
    approvers: () => check(approversProblem),
    /** Something must be entered; problem is the key of the text. */
    present: (problem) => check((value) => (value === '' ? problem : null)),
    /** Only what our engine can do, of what other editors offer. */
    only: (values, problem) => check((value) => (value === '' || values.includes(value) ? null : problem)),
    /** A check of our own: problem gets value and node, and gives a text or null. */
    custom: (problem) => function (value, _options) {
      return problem(blank(value) ? '' : String(value), this) ?? true
    },
  }
})()
