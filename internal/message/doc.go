// Package message holds the values that travel along wires.
//
// The model is JavaScript's, because flows, JSONata, mustache and the editor
// speak it. A [Value] is one of:
//
//	nil          undefined
//	Null         null
//	bool         boolean
//	float64      number
//	string       string (UTF-8; JavaScript's lone surrogates become U+FFFD)
//	Buffer       Buffer (bytes)
//	Date         Date
//	*Array       array
//	*Object      object with insertion order; its Class tells Error and others apart
//
// Every value is immutable and safe for concurrent use. Changing a property
// gives a new object that shares all the rest, so the deep clone that Node-RED
// makes for every further wire costs nothing here.
package message
