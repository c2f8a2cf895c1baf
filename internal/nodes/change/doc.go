// Package change is the change node: it sets, replaces in, moves and deletes
// properties of the message and of the contexts, rule by rule.
//
// What Node-RED passes over in silence is passed over here, too: a value that
// can't be read, a place that can't be written (with a warning). Only a JSONata
// expression that fails, a value that can't be searched for, and a context that
// fails stop the message.
package change
