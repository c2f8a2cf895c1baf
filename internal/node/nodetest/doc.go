// Package nodetest runs one node outside the engine, for the tests of node types.
//
// [New] configures a node as a deploy does and gives a [Harness] that plays the
// engine: it delivers messages, keeps contexts and state rows in memory, and moves
// a virtual clock. What the node does is recorded: sends and errors in the [Step]
// of each delivery, statuses, logs and debug entries in the [Env].
//
// It knows one node and no wires, runs, catch nodes or recovery: what depends on
// these is tested on the real engine.
package nodetest
