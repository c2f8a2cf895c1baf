// Package inject is the inject node: it makes messages when its button is
// pressed, once after the start, at intervals, or at times of the clock.
//
// Every way leads through the node's own Receive, which sets the configured
// properties; what the button and the API send along stays in the message.
package inject
