// Package policy holds the repo's rules as tests: which package may import
// which, what must be documented, how long a file may be, and that every text
// is there in both languages. There is nothing to call here.
package policy
