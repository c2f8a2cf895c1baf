// Package bridge lets another program drive the engine over stdin and stdout:
// it speaks the conformance protocol, version 1, with which Node-RED's own node
// specs run against any engine.
//
// A request is one JSON line, handled in order; what the engine reports while
// it works (arrivals, log entries, statuses) goes out as events between the
// replies. Values that JSON can't carry travel as {"$":[tag, …]}; see [Encode]
// and [Decode]. The log holds message keys in place of texts.
//
// The engine under the bridge is the real one with a store in memory; nothing
// here knows what a node type does.
package bridge
