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
//	*Handle      req and res of http in: by reference, "{}" in JSON
//
// Every value is immutable and safe for concurrent use. Changing a property
// gives a new object that shares all the rest, so the deep clone that Node-RED
// makes for every further wire costs nothing here. Only a Handle's Ref is shared
// state, and its owner guards it.
//
// Beside the model the package has what JavaScript does with values (js.go),
// Node-RED's property expressions ([Path]), JSON with JSON.stringify's rules, and
// the journal's binary form ([Encoder], [Decoder]).
package message
