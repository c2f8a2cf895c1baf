// Package httpin is the nodes http in and http response, and the [Router] that
// brings requests to them.
//
// An http in node is a source: each request is an event, whose message holds
// the parsed request in msg.req and a handle on the waiting client in msg.res.
// An http response node gives the answer to that handle. The client gets it
// once the event is safe, so that what was answered is never lost. A handle
// that lost its client (it hung up, or the server was restarted) takes the
// answer and drops it with a warning: the outcome is known, nobody is asked.
//
// Routes, parsing and headers follow Express as Node-RED uses it, with three
// differences: a body that doesn't parse is answered 400 and one that is too
// long 413 (not 500); a request that nothing answers gets 504 after a while
// (not never); and uploads aren't taken apart yet.
package httpin
