// Package machine is a partition as a pure state machine: runs, the queue of
// deliveries, open steps, context and node state. It does no I/O, has no clock,
// no goroutine and no node code; times and ids come from its caller. So the
// same machine runs under the engine and under a seeded scheduler with faults.
//
// Each method is one event and changes the state in place. What must happen
// outside is collected: [Machine.Cut] gives what has to be written, and once
// that is on stable storage [Machine.Committed] gives the [Release]s that it
// was holding back: effects that may start, questions that may be shown, events
// that may be acknowledged.
//
// Order: deliveries are a FIFO over the whole partition, so fan-out is breadth
// first, as in Node-RED.
package machine
