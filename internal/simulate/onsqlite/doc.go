// Package onsqlite plays the histories of package simulate on SQLite, with its
// files copied at each crash as kill -9 leaves them, and a second process that
// tries to get at the folder. It stands apart so that the many histories in
// memory, and their mutants, are built without SQLite. It has tests only.
package onsqlite
