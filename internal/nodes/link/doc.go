// Package link is the link nodes: link in, link out and link call.
//
// Wires from link out to link in are made by package flow; here a link is just
// passed along. A call is a stack: link call pushes its address onto
// msg._linkSource and sends the message straight to a link in node; a link out
// in return mode pops the address and sends the message straight back. Calls
// that wait are rows of state, so they survive a restart.
package link
