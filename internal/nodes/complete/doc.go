// Package complete is the complete node: it passes on the messages that other nodes have finished
// with. Which nodes they are is worked out by package flow.
package complete
