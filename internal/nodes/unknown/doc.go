// Package unknown is the node type named "unknown", which editors leave in the place of a node
// whose type was missing. (Types that are not registered at all are package flow's.)
package unknown
