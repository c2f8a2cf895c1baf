// Taking a node's HTML file apart.

const element = /<script\b([^>]*)>([\s\S]*?)<\/script>/g

// scriptsOf gives the text of its inline scripts.
export function scriptsOf(html) {
  return [...html.matchAll(element)].filter(([, attrs]) => isScript(attrs)).map(([, , text]) => text).join('\n;\n')
}

// templatesOf gives its templates.
export function templatesOf(html) {
  return [...html.matchAll(element)].filter(([, attrs]) => /data-template-name/.test(attrs)).map(([whole]) => whole).join('\n')
}

// typesOf gives the types that a script registers.
export function typesOf(script) {
  const types = [...script.matchAll(/RED\.nodes\.registerType\(\s*['"]([^'"]+)['"]/g)].map((m) => m[1])
  if (types.length === 0) throw new Error(`no node type is registered in: ${script.slice(0, 200)}`)
  return types
}

function isScript(attrs) {
  const type = /\btype="([^"]*)"/.exec(attrs)?.[1] ?? 'text/javascript'
  return type === 'text/javascript' && !/\bsrc=/.test(attrs)
}
