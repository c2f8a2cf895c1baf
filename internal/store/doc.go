// Package store is what must survive: a small interface with one conformance
// suite (storetest) that every implementation passes.
//
// Nothing is partly written: a [Cut] is one consistent state of a partition
// between two deliveries, and Commit returns only once all its cuts are on
// stable storage. A run is a row and a journal: every cut that changed the run
// appends one record, and folding the records gives its steps. Waiting costs a
// row.
package store
