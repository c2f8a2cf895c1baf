// Package nodes is the list of all node types. Each stands in a folder of its
// own below this one.
package nodes
