// Package debug is the debug node: it shows messages in the editor's debug
// sidebar, in the log, and as a status under the node.
package debug
