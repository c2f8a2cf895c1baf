// Package atomicfile is the way in which our own files get onto the disk:
// flow file, credentials and their key, users, sessions, host keys, library.
// Nothing else writes (internal/policy has the exceptions, each with its reason).
//
// A file is replaced so that a crash or a power cut leaves either the old or the
// new content, never a part of one, and so that the new one stays once the call
// has returned: a temporary file beside it, fsync, rename, fsync of the folder.
//
// Tests see and break every operation with [Watch].
package atomicfile
