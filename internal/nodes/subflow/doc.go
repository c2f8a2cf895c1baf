// Package subflow is the node that stands for a subflow instance, and the one
// behind a subflow's status output. What is inside an instance is expanded by
// package flow, so messages just pass through.
package subflow
