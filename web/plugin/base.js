/* What all the files of the plugin share: one global object, texts, elements. */
(function () {
  'use strict'

  const toban = (window.tobanRuns = window.tobanRuns || {})

  /** The text of a key of our catalogue, with its __places__ filled. */
  toban.t = (key, values) => RED._('toban/runs:' + key, values)

  /**
   * Makes an element. Attributes that are functions become listeners, false and
   * null ones are left out; children are nodes or texts, never markup.
   */
  toban.el = (name, attributes, ...children) => {
    const [tag, ...classes] = name.split('.')
    const element = document.createElement(tag || 'div')
    if (classes.length > 0) element.className = classes.join(' ')
    for (const [key, value] of Object.entries(attributes || {})) {
      if (typeof value === 'function') element.addEventListener(key, value)
      else if (value === true) element.setAttribute(key, '')
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value)
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
    return element
  }

  const svgSpace = 'http://www.w3.org/2000/svg'

  /** Makes an SVG element. */
  toban.svg = (tag, attributes, ...children) => {
    const element = document.createElementNS(svgSpace, tag)
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value)
    element.append(...children)
    return element
  }

  const measure = document.createElement('canvas').getContext('2d')

  /** How wide a text is in a font, in pixels, without drawing it. */
  toban.textWidth = (text, font) => {
    measure.font = font
    return measure.measureText(text).width
  }

  /** Makes a function that runs f once per frame however often it is called. */
  toban.perFrame = (f) => {
    let planned = 0
    return () => {
      if (planned) return
      planned = requestAnimationFrame(() => {
        planned = 0
        f()
      })
    }
  }

  /** Makes a function that runs f once, ms after it was called, however often it is called until then. */
  toban.later = (ms, f) => {
    let timer = 0
    return () => {
      if (timer) return
      timer = setTimeout(() => {
        timer = 0
        f()
      }, ms)
    }
  }

  /** A list of listeners. */
  toban.signal = () => {
    const listeners = []
    return {
      on: (f) => listeners.push(f),
      emit: (...values) => listeners.forEach((f) => f(...values)),
    }
  }
})()
