// Package junction is the junction: a point where wires meet.
package junction
