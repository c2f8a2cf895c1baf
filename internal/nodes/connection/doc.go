// Package connection is the config node for a host that commands run on over SSH.
package connection
