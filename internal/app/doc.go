// Package app puts the server together: store, flow file, node types, Slack,
// engine and HTTP. `toban serve`, the demo and the tests share it.
package app
