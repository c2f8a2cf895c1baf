// Package delay is the node type "delay": it holds messages for a while, or lets
// them through at a rate.
//
// Held messages are rows of the node's state, so they survive a restart; their
// steps stay open until they leave.
package delay
