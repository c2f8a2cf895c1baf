// Package catch is the catch node: it passes on the errors of other nodes. Which nodes they are
// is worked out by package flow; the engine puts msg.error together.
package catch
