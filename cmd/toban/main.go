// Command toban is an operations-runbook server; see README.md.
package main

import (
	"os"

	"toban/internal/cli"
)

func main() { os.Exit(cli.Main()) }
