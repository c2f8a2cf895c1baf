// What can be said of a command before it runs. What values may contain is
// checked by the server when they are there.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /** What is wrong with a command, or null. */
  function problem(text) {
    if (text.trim() === '') return Toban.text('problem.commandMissing')
    if (text.includes('\0')) return Toban.text('problem.commandNul')
    const { tags, problem: unread } = Toban.mustache.read(text)
    if (unread) return unread
    const quoted = tags.find((tag) => tag.kind === '#' && tag.name === 'sh' && inQuotes(text.slice(0, tag.start)))
    return quoted ? Toban.text('problem.shInQuotes') : null
  }

  /**
   * Advice about a command that may run.
   * @returns {string[]} texts
   */
  function advice(text, raw) {
    const { tags, problem: unread } = Toban.mustache.read(text)
    if (unread) return []
    const bare = Toban.mustache.values(tags).filter((tag) => !Toban.mustache.within(tags, tag, 'sh'))
    const said = []
    const escaped = bare.find((tag) => tag.kind === '')
    if (escaped) said.push(Toban.text('advice.escaped', { name: escaped.name }))
    if (raw && bare.length > 0) said.push(Toban.text('advice.raw', { name: bare[0].name }))
    return said
  }

  // inQuotes reports whether a shell would be inside quotes at the end of text.
  // Here-documents and arithmetic are left to the server.
  function inQuotes(text) {
    let open = ''
    for (let i = 0; i < text.length; i++) {
      const c = text[i]
      if (open === "'") {
        if (c === "'") open = ''
      } else if (c === '\\') i++
      else if (open === '#') {
        if (c === '\n') open = ''
      } else if (open === c) open = ''
      else if (open === '') open = opens(text, i)
    }
    return open === "'" || open === '"' || open === '`'
  }

  function opens(text, i) {
    const c = text[i]
    if (c === "'" || c === '"' || c === '`') return c
    return c === '#' && (i === 0 || /\s/.test(text[i - 1])) ? '#' : ''
  }

  const line = /^[A-Za-z_]\w*=/

  /** What is wrong with a list of environment variables, or null. */
  function envProblem(text) {
    if (text.trim() === '') return null
    if (text.trim().startsWith('{')) return envJSONProblem(text)
    for (const [i, entry] of text.split('\n').entries()) {
      if (entry.trim() === '' || entry.trim().startsWith('#') || line.test(entry.trim())) continue
      return Toban.text('problem.envLine', { line: i + 1 })
    }
    return null
  }

  function envJSONProblem(text) {
    try {
      const names = Object.keys(JSON.parse(text))
      return names.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? null : Toban.text('problem.envName')
    } catch (error) {
      return Toban.text('problem.json', { reason: error.message })
    }
  }

  Toban.shell = { problem, advice, envProblem }
})()
