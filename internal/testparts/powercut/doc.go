// Package powercut finds out what a power cut could leave of the files that are
// written through package atomicfile, and rebuilds it, state by state.
//
// It assumes no more than what POSIX and the disk's makers promise: what a file
// holds lasts once the file was synced, before that any beginning of it may be
// there, or zeros of its length; a name (made, renamed, removed) lasts once its
// folder was synced, before that any choice of the folder's changes may have
// reached the disk, whatever their order.
package powercut
