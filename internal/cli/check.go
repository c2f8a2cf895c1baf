package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/nodes"
	"toban/internal/slack"
)

// checkCmd reports what is wrong with flow files without running them. It fails
// if something would keep a flow from starting; warnings alone don't.
type checkCmd struct {
	Files []string `arg:"" help:"${check_files}" placeholder:"FILE…"`
}

func (c checkCmd) Run(env Env) error {
	errors := 0
	for _, name := range c.Files {
		found, err := checkFile(env, name)
		if err != nil {
			fmt.Fprintf(env.Stdout, "%s: %s\n", name, env.Lang.Err(err))
			errors++
			continue
		}
		errors += found
	}
	if errors > 0 {
		return errQuiet
	}
	return nil
}

// checkFile prints a file's problems, one a line, and counts the errors.
func checkFile(env Env, name string) (errors int, err error) {
	data, err := readFlow(env, name)
	if err != nil {
		return 0, err
	}
	file, err := flow.Parse(data)
	if err != nil {
		return 0, err
	}
	types := nodes.Registry(slack.NewHub(slack.Config{}, slog.New(slog.DiscardHandler)))
	graph := flow.Build(file, flow.Options{Types: types, Environ: os.LookupEnv})
	problems := slices.Concat(graph.Problems, badProperties(graph, types), flow.Lint(graph))
	for _, p := range problems {
		word := "cli.check_warning"
		if !p.Warning {
			word = "cli.check_error"
			errors++
		}
		fmt.Fprintf(env.Stdout, "%s: %s: %s%s\n", name, env.Lang.Text(word), env.Lang.Err(p.Err), mark(p))
	}
	if len(problems) == 0 {
		fmt.Fprintf(env.Stdout, "%s: %s\n", name, env.Lang.Text("cli.check_ok", "nodes", len(graph.Nodes)))
	}
	return errors, nil
}

// badProperties finds nodes whose properties don't fit their type.
func badProperties(graph *flow.Graph, types *node.Registry) []flow.Problem {
	var problems []flow.Problem
	for _, n := range graph.Order {
		t, ok := types.Lookup(n.Impl)
		if !ok {
			continue
		}
		if err := node.Decode(n.Props, t.New()); err != nil {
			problems = append(problems, flow.Problem{Node: n.ID, Type: n.Type, Name: n.Name, Err: err})
		}
	}
	return problems
}

// mark gives the id of the node that a problem is about, to search for in the editor.
func mark(p flow.Problem) string {
	if p.Node == "" {
		return ""
	}
	return " [" + p.Node + "]"
}

// readFlow reads a file, or what is piped in as "-".
func readFlow(env Env, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(env.Stdin, flow.MaxSize+1))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, locale.Errorf("cli.check_read", "file", name).Because(err)
	}
	return data, nil
}
