// Package switchnode is the switch node: it sends a message to the outputs whose
// rules its property meets.
//
// The rules are Node-RED's, JavaScript's conversions included. Sequences of
// messages (msg.parts) are held in rows of the node's state where a rule or
// "recreate message sequences" needs all of them: the tail rule can't be decided
// before the last message is there.
package switchnode
