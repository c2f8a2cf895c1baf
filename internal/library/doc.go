// Package library keeps flows, functions and templates that people save from
// the editor, in the data folder's lib: lib/flows, lib/functions, lib/templates,
// laid out as Node-RED lays them out, so that its lib folder can be copied.
//
// Names come from outside: they can't leave the folder, neither by their
// spelling nor through a link, and their number and size are bounded.
package library
