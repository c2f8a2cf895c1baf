// Package vault keeps credentials at rest: one file, encrypted with
// AES-256-GCM, so that a change of a single bit is found.
//
// The key is derived with scrypt from a secret (TOBAN_CREDENTIAL_SECRET) if
// there is one, else it is 32 random bytes in a file beside the credentials
// that only its owner can read. The credentials file says which of the two it
// needs: a vault opens with the key that it was closed with, and is closed with
// the one that is configured now.
package vault
