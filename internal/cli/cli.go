package cli

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"toban/internal/locale"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Env is what a subcommand sees of the world.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Lang   locale.Lang
}

// grammar is the whole command line. help:"${name}" stands for the text cli.name.
type grammar struct {
	Version kong.VersionFlag `help:"${show_version}"`

	Serve   serveCmd   `cmd:"" help:"${serve}"`
	Demo    demoCmd    `cmd:"" help:"${demo}"`
	Check   checkCmd   `cmd:"" help:"${check}"`
	Runs    runsCmd    `cmd:"" help:"${runs}"`
	Choices choicesCmd `cmd:"" help:"${choices}"`
	Users   usersCmd   `cmd:"" help:"${users}"`
	Doctor  doctorCmd  `cmd:"" help:"${doctor}"`
	Pin     pinCmd     `cmd:"" help:"${pin}"`
	Slack   slackCmd   `cmd:"" help:"${slack}"`
	Bridge  bridgeCmd  `cmd:"" help:"${bridge}"`
}

// Main runs the process's own command line and gives its exit code. Ctrl-C and
// SIGTERM end the command in good order; a second one ends the process.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // from the first signal on, the next one kills
	env := Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lang: locale.FromEnv()}
	return Run(ctx, os.Args[1:], env)
}

// Run runs the command line args, which lack the program's name, and gives the
// exit code.
func Run(ctx context.Context, args []string, env Env) (code int) {
	if env.Lang == locale.Keys {
		env.Lang = locale.EN // the command line always speaks to a person
	}
	var g grammar
	exited := false
	parser, err := kong.New(&g,
		kong.Name("toban"),
		kong.Description(env.Lang.Text("cli.about")),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(c int) { code, exited = c, true }),
		kong.Help(helpPrinter(env.Lang)),
		helpVars(env.Lang),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(env),
	)
	if err != nil {
		panic(err) // the grammar is wrong, not what the user typed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited { // --help or --version
		return code
	}
	if err != nil {
		return complain(env, err)
	}
	return env.report(command.Run())
}

// errQuiet fails a command that has already said why.
var errQuiet = errors.New("failed")

func (env Env) report(err error) int {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return exitOK
	case errors.Is(err, errQuiet):
		return exitFailed
	}
	fmt.Fprintln(env.Stderr, "toban: "+env.Lang.Err(err))
	return exitFailed
}
