package sshhost

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// commands are what the shell can run.
var commands map[string]func(sh *shell, args []string, st streams) int

func init() { // the table's functions use the table (sh -c)
	commands = map[string]func(*shell, []string, streams) int{
		"aws":    aws,
		"cat":    cat,
		"echo":   echo,
		"env":    env,
		"exit":   exit,
		"export": export,
		"false":  func(*shell, []string, streams) int { return 1 },
		"sh":     subshell,
		"sleep":  sleep,
		"true":   func(*shell, []string, streams) int { return 0 },
		":":      func(*shell, []string, streams) int { return 0 },
	}
}

func echo(_ *shell, args []string, st streams) int {
	end := "\n"
	if len(args) > 0 && args[0] == "-n" {
		args, end = args[1:], ""
	}
	_, _ = fmt.Fprint(st.out, strings.Join(args, " ")+end)
	return 0
}

// cat copies an empty standard input; there are no files.
func cat(_ *shell, args []string, st streams) int {
	for _, file := range args {
		st.complain("cat: %s: No such file or directory", file)
	}
	return min(len(args), 1)
}

func env(sh *shell, _ []string, st streams) int {
	for _, name := range slices.Sorted(maps.Keys(sh.vars)) {
		if nameLength(name) == len(name) {
			_, _ = fmt.Fprintf(st.out, "%s=%s\n", name, sh.vars[name])
		}
	}
	return 0
}

func export(sh *shell, args []string, st streams) int {
	for _, arg := range args {
		if !sh.assign(arg) && nameLength(arg) != len(arg) {
			st.complain("export: `%s': not a valid identifier", arg)
			return 1
		}
	}
	return 0
}

func exit(sh *shell, args []string, st streams) int {
	sh.over = true
	if len(args) == 0 {
		code, _ := strconv.Atoi(sh.vars["?"])
		return code
	}
	code, err := strconv.Atoi(args[0])
	if err != nil {
		st.complain("exit: %s: numeric argument required", args[0])
		return 2
	}
	return code & 0xff
}

func sleep(sh *shell, args []string, st streams) int {
	if len(args) != 1 {
		st.complain("usage: sleep seconds")
		return 1
	}
	seconds, err := strconv.ParseFloat(args[0], 64)
	if err != nil || seconds < 0 || seconds > 1e6 {
		st.complain("sleep: invalid time interval `%s'", args[0])
		return 1
	}
	sh.pause(time.Duration(seconds * float64(time.Second)))
	return 0
}

// pause waits; it reports false when the command was killed meanwhile.
func (sh *shell) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-sh.ctx.Done():
		return false
	}
}

// subshell is sh -c TEXT.
func subshell(sh *shell, args []string, st streams) int {
	if len(args) != 2 || args[0] != "-c" {
		st.complain("usage: sh -c text")
		return 2
	}
	if sh.depth == maxDepth {
		st.complain("sh: too deep")
		return 2
	}
	inner := &shell{host: sh.host, ctx: sh.ctx, fault: sh.fault, vars: maps.Clone(sh.vars), depth: sh.depth + 1}
	return inner.script(args[1], st)
}
