// Package sqlite keeps the durable state in one SQLite file, toban.db, inside
// the data folder.
//
// One goroutine writes, on a connection of its own. It gathers every call that
// waits and runs them in one transaction, so that a thousand partitions pay for
// one fsync (WAL, synchronous=FULL). Readers have connections of their own and
// never wait for it. An exclusive file lock keeps a second process out of the
// folder.
//
// Times are integers, microseconds since 1970; no time is NULL. A run has a
// number inside the file, so that its journal's index holds small integers that
// grow, which is what a B-tree likes best.
package sqlite
