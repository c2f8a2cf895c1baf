// Package cli is the command line: one file per subcommand, each a small struct
// that kong fills and whose Run does the work. Texts are Japanese or English,
// as TOBAN_LANG or LANG says.
//
// Exit codes: 0 all is well, 1 it failed or something is wrong, 2 the command
// line could not be understood.
package cli
