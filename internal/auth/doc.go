// Package auth knows who may do what: users and their passwords, roles, and the
// sessions of those who have signed in.
//
// A [Keeper] keeps both in the data folder: users.json, whose passwords are
// argon2id hashes, and sessions.json, which has SHA-256 hashes of the sessions'
// tokens. What a role may do is decided in one function, [Role.May].
//
// A server without any admin's password is open for one thing only: whoever has
// the one-time token that the server prints at its start sets the first one.
package auth
