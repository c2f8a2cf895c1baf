// Package flow reads flow files and turns them into validated, immutable graphs.
//
// A [File] is the JSON array as Node-RED and FrontOps export it, kept without
// loss: order, unknown types, legacy keys, numbers as text. [Build] makes a
// [Graph] of it: tabs (also those that no tab object describes), subflow
// instances expanded, environment variables resolved, links turned into wires,
// partitions computed. What is wrong with a file is a list of [Problem]s, each
// naming the node and the mend.
//
// Build works in this order, one file each: containers (tabs, subflow
// definitions), links, blocked flows, environment, expansion of subflow
// instances, wires, scopes of catch/status/complete, partitions.
package flow
