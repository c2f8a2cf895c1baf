// Package status is the status node: it passes on the statuses of other nodes. Which nodes they
// are is worked out by package flow.
package status
