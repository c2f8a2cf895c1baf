package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// complain says what is wrong with a command line.
func complain(env Env, err error) int {
	node, arg := missing(err)
	if arg == nil {
		fmt.Fprintln(env.Stderr, env.Lang.Text("cli.usage_error", "cause", err))
		return exitUsage
	}
	fmt.Fprintln(env.Stderr, env.Lang.Text("cli.missing_argument", "argument", argument(arg), "help", arg.Help, "line", usageLine(node)))
	if example := examples[strings.TrimPrefix(node.FullPath(), "toban ")]; example != "" {
		fmt.Fprintln(env.Stderr, env.Lang.Text("cli.example", "line", node.FullPath()+" "+example))
	}
	return exitUsage
}

// examples are the arguments of commands that can be guessed, to be typed as they
// are but for the names.
var examples = map[string]string{
	"pin":   "bastion.example.com:2222",
	"check": "flows.json",
}

// lacksSomething knows kong's words for a missing argument, which give its name in
// the program.
var lacksSomething = regexp.MustCompile(`^(expected|missing positional arguments) .*<`)

// missing finds the argument that a command line lacks, if that is what is wrong
// with it.
func missing(err error) (*kong.Node, *kong.Positional) {
	failed, ok := errors.AsType[*kong.ParseError](err)
	if !ok || !lacksSomething.MatchString(err.Error()) {
		return nil, nil
	}
	node := failed.Context.Selected()
	if node == nil {
		return nil, nil
	}
	given := 0
	for _, path := range failed.Context.Path {
		if path.Positional != nil {
			given = path.Positional.Position + 1
		}
	}
	if given >= len(node.Positional) || !node.Positional[given].Required {
		return nil, nil
	}
	return node, node.Positional[given]
}
