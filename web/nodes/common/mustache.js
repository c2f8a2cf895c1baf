// Reading mustache tags, as far as forms need it.
(() => {
  'use strict'
  const Toban = (window.Toban = window.Toban || {})

  /**
   * Finds the tags of a template.
   * @param {string} text
   * @returns {{tags: Array<{kind: string, name: string, start: number, end: number}>, problem: ?string}}
   *   kind is one of '{' (raw), '' (escaped), '#', '^', '/', '!', '>', '='; problem is a text for people
   */
  function read(text) {
    const tags = []
    const open = []
    let at = 0
    for (;;) {
      const start = text.indexOf('{{', at)
      if (start < 0) break
      const tag = readTag(text, start)
      if (!tag) return { tags, problem: Toban.text('problem.tagOpen', { line: lineOf(text, start) }) }
      tags.push(tag)
      at = tag.end
      const problem = follow(open, tag)
      if (problem) return { tags, problem }
    }
    const left = open.pop()
    return { tags, problem: left ? Toban.text('problem.sectionOpen', { name: left.name }) : null }
  }

  function readTag(text, start) {
    const raw = text[start + 2] === '{'
    const close = raw ? '}}}' : '}}'
    const inside = start + (raw ? 3 : 2)
    const end = text.indexOf(close, inside)
    if (end < 0) return null
    const content = text.slice(inside, end)
    const sign = raw ? '{' : /^\s*([#^/!>=&])/.exec(content)?.[1] ?? ''
    const kind = sign === '&' ? '{' : sign
    const name = (raw || !sign ? content : content.slice(content.indexOf(sign) + 1)).trim()
    return { kind, name, start, end: end + close.length }
  }

  // follow keeps the sections that are open.
  function follow(open, tag) {
    if (tag.kind === '#' || tag.kind === '^') open.push(tag)
    if (tag.kind !== '/') return null
    const last = open.pop()
    if (last && last.name === tag.name) return null
    return Toban.text('problem.sectionClose', { name: tag.name })
  }

  const lineOf = (text, at) => text.slice(0, at).split('\n').length

  Toban.mustache = {
    read,
    /** The tags that show a value. */
    values: (tags) => tags.filter((tag) => tag.kind === '' || tag.kind === '{'),
    /** Whether a tag stands in a section of that name. */
    within(tags, tag, section) {
      let depth = 0
      for (const other of tags) {
        if (other.start >= tag.start) break
        if (other.name !== section) continue
        if (other.kind === '#') depth++
        if (other.kind === '/') depth--
      }
      return depth > 0
    },
  }
})()
