// The editor's page, and the name and mark in its header.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { web } from './paths.mjs'

export async function buildPage(out) {
  out.addJSON('theme.json', {
    page: { title: 'Toban' }, header: { title: 'Toban', image: 'toban/mark.svg', url: '/runs' }, asset: {}, themes: [],
  })
  for (const [name, file] of [['toban/nodes.css', 'nodes/common/nodes.css'], ['toban/plugin.css', 'plugin/plugin.css']]) {
    out.add(name, await readFile(path.join(web, file), 'utf8').catch(() => ''))
  }
  out.add('index.html', page(out.version()))
}

const page = (v) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Toban</title>
<link rel="icon" type="image/svg+xml" href="toban/favicon.svg?v=${v}">
<link rel="stylesheet" href="vendor/jquery/css/base/jquery-ui.min.css?v=${v}">
<link rel="stylesheet" href="vendor/font-awesome/css/font-awesome.min.css?v=${v}">
<link rel="stylesheet" href="red/style.min.css?v=${v}">
<link rel="stylesheet" href="vendor/monaco/style.css?v=${v}">
<link rel="stylesheet" href="toban/editor.css?v=${v}">
<link rel="stylesheet" href="toban/nodes.css?v=${v}">
<link rel="stylesheet" href="toban/plugin.css?v=${v}">
</head>
<body spellcheck="false">
<div id="toban-small"><a href="/runs">Toban: Runs / 実行</a></div>
<div id="red-ui-editor"></div>
<script src="vendor/vendor.js?v=${v}"></script>
<script id="monaco-bootstrap" src="vendor/monaco/monaco-bootstrap.js?v=${v}"></script>
<script src="red/red.min.js?v=${v}"></script>
<script src="red/main.min.js?v=${v}"></script>
</body>
</html>
`
