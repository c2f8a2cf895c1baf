package cli

import (
	"strings"

	"toban/internal/locale"
)

// lineWidth is how wide the output is, in columns of a terminal.
const lineWidth = 80

// clip shortens a text to n columns and marks that it did.
func clip(s string, n int) string {
	if locale.Columns(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used += locale.Columns(string(r)); used > n-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// wrap breaks a text into lines of at most n columns: at blanks, and anywhere
// between Japanese characters but not before closing punctuation.
func wrap(s string, n int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(paragraph, n)...)
	}
	return lines
}

func wrapLine(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range words(s) {
		if line != "" && locale.Columns(line)+locale.Columns(strings.TrimRight(word, " ")) > n {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += word
	}
	return append(lines, strings.TrimRight(line, " "))
}

// words cuts a text where a line may break.
func words(s string) []string {
	var list []string
	word := ""
	var last rune
	for _, r := range s {
		breaks := last == ' ' && r != ' ' || locale.Columns(string(r)) == 2 || locale.Columns(string(last)) == 2
		if word != "" && breaks && !strings.ContainsRune("、。）」・ー ", r) && !strings.ContainsRune("（「", last) {
			list = append(list, word)
			word = ""
		}
		word += string(r)
		last = r
	}
	if word != "" {
		list = append(list, word)
	}
	return list
}
