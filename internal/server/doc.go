// Package server is everything that Toban answers over HTTP: Node-RED's admin
// API at the root, our own API under /api/, health and metrics, and the routes
// of http in nodes.
//
// routes.go has the one table of our routes. A route is closed unless the table
// says otherwise; a request that no route takes goes to the http in nodes, whose
// paths can't collide with ours (Router refuses that at deploy).
package server
