package app

import (
	"os"
	"runtime"
	"slices"
	"strings"
)

// ownSecrets are variables that are the server's alone. What a flow reads stands in
// its messages and in the history, which viewers may read.
var ownSecrets = []string{
	"TOBAN_ADMIN_PASSWORD", "TOBAN_CREDENTIAL_SECRET", "TOBAN_TOKEN",
	"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET",
}

// lookupEnv gives a variable of the process as flows see it: those that hold the
// server's own secrets are not set.
func lookupEnv(name string) (string, bool) {
	asked := name
	if runtime.GOOS == "windows" { // there, names have no case
		asked = strings.ToUpper(name)
	}
	if slices.Contains(ownSecrets, asked) {
		return "", false
	}
	return os.LookupEnv(name)
}
