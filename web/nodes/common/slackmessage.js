// Checks of what is sent to Slack: texts, and whole messages as JSON.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /** What is wrong with a text, or null. */
  function textProblem(source) {
    return source.trim() === '' ? Toban.text('problem.textMissing') : Toban.mustache.read(source).problem
  }

  /**
   * What is wrong with a message as JSON, or null. As the server does, JSON is
   * read first and mustache inside its texts; only else is it a template that
   * becomes JSON, of which a form can tell little.
   * @param {string} source
   * @param {{buttons: boolean}} wanted whether it must have a button
   */
  function messageProblem(source, { buttons }) {
    if (source.trim() === '') return Toban.text('problem.messageMissing')
    const { tags, problem } = Toban.mustache.read(source)
    if (problem) return problem
    const parsed = parse(source)
    if (parsed.error === null) return shapeProblem(parsed.value, buttons)
    if (tags.length === 0) return badJSON(parsed.error)
    return templateProblem(source, tags)
  }

  // templateProblem tries values in the places of tags. With sections nothing
  // can be said: what they show, and how often, is decided by the message.
  function templateProblem(source, tags) {
    const sections = tags.some((tag) => '#^/>='.includes(tag.kind) && tag.kind !== '')
    if (sections) return null
    const { error } = parse(filled(source, tags))
    return error === null ? null : badJSON(error)
  }

  // filled puts a 0 in place of every tag: right inside a text, and right as a value.
  function filled(source, tags) {
    let text = ''
    let at = 0
    for (const tag of tags) {
      text += source.slice(at, tag.start) + (tag.kind === '!' ? '' : '0')
      at = tag.end
    }
    return text + source.slice(at)
  }

  function parse(source) {
    try {
      return { value: JSON.parse(source), error: null }
    } catch (error) {
      return { error }
    }
  }

  const badJSON = (error) => Toban.text('problem.json', { reason: error.message })

  function shapeProblem(value, buttons) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return Toban.text('problem.jsonObject')
    return buttons && !hasButton(value) ? Toban.text('problem.noButton') : null
  }

  // hasButton looks for a button that answers; those with a url only open a page.
  function hasButton(value) {
    if (value === null || typeof value !== 'object') return false
    if (value.type === 'button' && !value.url) return true
    return Object.values(value).some(hasButton)
  }

  /** Whether a text is a message as JSON and would be posted as the letters that it consists of. */
  const looksLikeMessage = (source) => /^\s*\{\s*"/.test(source) && messageProblem(source, { buttons: false }) === null

  Toban.slackMessage = { textProblem, messageProblem, looksLikeMessage }
})()
