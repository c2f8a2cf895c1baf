// Package expr evaluates what flows are written in: JSONata ([JSONata]), mustache
// templates ([Template]), JavaScript's regular expressions ([Regexp]) and Node-RED's
// typed values ([Value], [Target]).
//
// Everything is compiled once, when a flow is deployed, and then safe for
// concurrent use. What an expression sees beside the message comes through
// [Vars]; nothing here reads the clock, the environment or a context by itself.
//
// The yardstick is what Node-RED 5 does: jsonata 2.0.6, mustache.js 4.2 and V8.
// Tests compare with these where Node.js is installed.
package expr
