package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"toban/internal/locale"
)

// helpVars gives kong the texts that the grammar's help tags name.
func helpVars(lang locale.Lang) kong.Vars {
	vars := kong.Vars{"version": version()}
	for _, key := range locale.Known() {
		name, ok := strings.CutPrefix(key, "cli.help_")
		if ok {
			vars[name] = lang.Text(key)
		}
	}
	return vars
}

// helpPrinter prints help in the user's language, 80 columns wide. kong's own
// printer knows English only and counts a Japanese character as one column.
func helpPrinter(lang locale.Lang) kong.HelpPrinter {
	return func(_ kong.HelpOptions, ctx *kong.Context) error {
		node := ctx.Selected()
		if node == nil {
			node = ctx.Model.Node
		}
		h := help{lang: lang, out: ctx.Stdout}
		h.print(node)
		return nil
	}
}

type help struct {
	lang locale.Lang
	out  io.Writer
}

// print writes the sections of one command's help.
func (h help) print(n *kong.Node) {
	fmt.Fprintln(h.out, h.lang.Text("cli.usage", "line", usageLine(n)))
	fmt.Fprintln(h.out)
	for _, line := range wrap(n.Help, lineWidth) {
		fmt.Fprintln(h.out, line)
	}
	if n.Detail != "" {
		fmt.Fprintln(h.out)
		fmt.Fprintln(h.out, strings.TrimRight(n.Detail, "\n"))
	}
	h.section("cli.arguments", arguments(n))
	h.section("cli.commands", commands(n))
	h.section("cli.flags", flags(h.lang, n))
	if !n.Leaf() {
		fmt.Fprintln(h.out)
		fmt.Fprintln(h.out, h.lang.Text("cli.more", "command", n.FullPath()))
	}
}

// entry is one line of a section: what to type, and what it means.
type entry struct{ term, text string }

func (h help) section(title string, entries []entry) {
	if len(entries) == 0 {
		return
	}
	fmt.Fprintln(h.out)
	fmt.Fprintln(h.out, h.lang.Text(title))
	wide := 0
	for _, e := range entries {
		wide = max(wide, locale.Columns(e.term))
	}
	for _, e := range entries {
		lines := wrap(e.text, lineWidth-wide-4)
		for i, line := range lines {
			term := ""
			if i == 0 {
				term = e.term
			}
			fmt.Fprintf(h.out, "  %s  %s\n", locale.Pad(term, wide), line)
		}
	}
}

func usageLine(n *kong.Node) string {
	line := n.FullPath()
	for _, arg := range n.Positional {
		line += " " + argument(arg)
	}
	if !n.Leaf() {
		line += " <command>"
	}
	return line + " [flags]"
}

func arguments(n *kong.Node) []entry {
	var list []entry
	for _, arg := range n.Positional {
		list = append(list, entry{argument(arg), arg.Help})
	}
	return list
}

// argument names an argument as the grammar's placeholder does: HOST[:PORT],
// FILE…, [NODE] if it may be left out.
func argument(arg *kong.Positional) string {
	switch name := arg.Tag.PlaceHolder; {
	case name == "":
		return arg.Summary()
	case !arg.Required:
		return "[" + name + "]"
	default:
		return name
	}
}

func commands(n *kong.Node) []entry {
	var list []entry
	for _, leaf := range n.Leaves(true) {
		list = append(list, entry{strings.TrimPrefix(leaf.FullPath(), "toban "), leaf.Help})
	}
	return list
}

func flags(lang locale.Lang, n *kong.Node) []entry {
	var list []entry
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			text := f.Help
			if f.Name == "help" { // kong's own flag, with kong's own text
				text = lang.Text("cli.help_help")
			}
			list = append(list, entry{flagTerm(f), text + flagDefault(f)})
		}
	}
	return list
}

func flagTerm(f *kong.Flag) string {
	term := "    --" + f.Name
	if f.Short != 0 {
		term = fmt.Sprintf("-%c, --%s", f.Short, f.Name)
	}
	if !f.IsBool() {
		term += " " + f.FormatPlaceHolder()
	}
	return term
}

// flagDefault names the default and the environment variable, if there are any.
func flagDefault(f *kong.Flag) string {
	var notes []string
	if f.HasDefault && f.Default != "" && f.PlaceHolder != "" {
		notes = append(notes, f.Default)
	}
	for _, name := range f.Envs {
		notes = append(notes, "$"+name)
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, ", ") + ")"
}
