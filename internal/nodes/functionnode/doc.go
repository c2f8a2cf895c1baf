// Package functionnode is the function node: JavaScript of a flow's author, run
// on package js.
//
// Each node has a VM of its own, made when the first message arrives (or at
// deploy, when there is set-up code). The message is copied into it; what the
// code sends is copied out, so that the immutable values outside stay so. All
// JavaScript runs in the partition's loop: timers come back through
// [node.Env].After, promise jobs run at the end of each turn.
//
// A step ends when the code has returned (or its promise has resolved) and the
// time-outs that it started are over; code that calls node.done ends it
// itself. Differences from Node-RED, all of them because values don't share
// memory here: context.get gives a copy, and so does a message that was sent
// and comes round again.
package functionnode
