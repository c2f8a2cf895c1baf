package sshhost

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// shell runs one script.
type shell struct {
	host  *Host
	ctx   context.Context
	fault Fault
	vars  map[string]string
	depth int  // of sh -c
	over  bool // exit was called, or the command was killed
}

// maxDepth bounds sh -c within sh -c.
const maxDepth = 8

// script runs a whole text; its status is that of the last command.
func (sh *shell) script(text string, st streams) int {
	tokens, err := lex(text)
	if err != nil {
		st.complain("sh: syntax error: %v", err)
		return 2
	}
	status, before := 0, ";"
	for len(tokens) > 0 && !sh.over {
		command, op, rest := cut(tokens)
		tokens = rest
		skip := before == "&&" && status != 0 || before == "||" && status == 0
		if len(command) > 0 && !skip {
			status = sh.simple(command, st)
			sh.vars["?"] = strconv.Itoa(status)
			sh.over = sh.over || sh.ctx.Err() != nil
		}
		before = op
	}
	return status
}

// cut takes the first command off, up to the operator behind it.
func cut(tokens []token) (command []token, op string, rest []token) {
	for i, t := range tokens {
		if t.op == ";" || t.op == "&&" || t.op == "||" {
			return tokens[:i], t.op, tokens[i+1:]
		}
	}
	return tokens, "", nil
}

// simple runs one command with its redirections and assignments.
func (sh *shell) simple(tokens []token, st streams) int {
	var args []string
	for _, t := range tokens {
		switch t.op {
		case "":
			if word, there := sh.expand(t.parts); there {
				args = append(args, word)
			}
		case ">&2", "1>&2":
			st.out = st.err
		case "2>&1":
			st.err = st.out
		case ">/dev/null":
			st.out = io.Discard
		case "2>/dev/null":
			st.err = io.Discard
		}
	}
	for len(args) > 0 && sh.assign(args[0]) {
		args = args[1:]
	}
	if len(args) == 0 {
		return 0
	}
	if sh.fault == Fail {
		st.complain("%s: failed, as the simulation was told to", args[0])
		return 1
	}
	run, found := commands[args[0]]
	if !found || sh.fault == NotFound && args[0] == "aws" {
		st.complain("sh: %s: command not found", args[0])
		return 127
	}
	return run(sh, args[1:], st)
}

func (sh *shell) expand(parts []part) (word string, there bool) {
	var b strings.Builder
	for _, p := range parts {
		text := p.text
		if p.variable {
			text = sh.vars[p.text]
		}
		b.WriteString(text)
		there = there || p.quoted || text != ""
	}
	return b.String(), there
}

// assign does NAME=value.
func (sh *shell) assign(word string) bool {
	name, value, ok := strings.Cut(word, "=")
	if !ok || name == "" || nameLength(name) != len(name) {
		return false
	}
	sh.vars[name] = value
	return true
}
