// Package editor serves the flow editor: the files that web/ builds, and those
// answers of Node-RED's admin API that are the same for everybody, because they
// are files, too: the theme, texts, node types with their forms, icons, plugins.
//
// Every file is stored compressed, has an ETag of its content, and is kept by
// browsers for good when it was asked for with the build's version (?v=).
package editor
