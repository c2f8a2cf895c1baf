package cli

import (
	"strings"

	"toban/internal/locale"
)

// lineWidth is how wide the output is, in columns of a terminal.
const lineWidth = 80

func columns(s string) int { return locale.Columns(s) }

func columnsOf(r rune) int { return locale.Columns(string(r)) }

func pad(s string, n int) string { return locale.Pad(s, n) }

// clip shortens a text to n columns and marks that it did.
func clip(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used += columnsOf(r); used > n-1 {
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
		if line != "" && columns(line)+columns(strings.TrimRight(word, " ")) > n {
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
		breaks := last == ' ' && r != ' ' || columnsOf(r) == 2 || columnsOf(last) == 2
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
