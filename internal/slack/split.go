package slack

import (
	"strings"
	"unicode/utf8"
)

// fence begins and ends preformatted text.
const fence = "```"

// splitText cuts mrkdwn into parts of at most limit characters without losing
// any: at line ends where there are some, never inside an entity or a
// <reference>. A fence that is cut is closed and opened again in the next part.
func splitText(s string, limit int) []string {
	if utf8.RuneCountInString(s) <= limit {
		return []string{s}
	}
	var parts []string
	inFence := false
	for s != "" {
		opening := ""
		if inFence {
			opening = fence + "\n"
		}
		room := limit - len(opening) - len("\n"+fence)
		part, rest := cutAt(s, room)
		if strings.Count(part, fence)%2 == 1 {
			inFence = !inFence
		}
		closing := ""
		if inFence && rest != "" {
			closing = "\n" + fence
		}
		parts = append(parts, opening+strings.TrimSuffix(part, "\n")+closing)
		s = rest
	}
	return parts
}

// cutAt cuts s after at most room characters.
func cutAt(s string, room int) (part, rest string) {
	if utf8.RuneCountInString(s) <= room {
		return s, ""
	}
	at := 0
	for range room {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	if line := strings.LastIndexByte(s[:at], '\n'); line > at/2 {
		return s[:line+1], s[line+1:]
	}
	at = outside(s, at, '&', ';', 5)
	at = outside(s, at, '<', '>', 500)
	at = outsideTicks(s, at)
	return s[:at], s[at:]
}

// outside moves a cut before the bracket that it would fall into, if that
// stands at most reach bytes back.
func outside(s string, at int, open, end byte, reach int) int {
	from := max(1, at-reach)
	i := strings.LastIndexByte(s[from:at], open)
	if i < 0 || strings.IndexByte(s[from+i:at], end) >= 0 {
		return at
	}
	return from + i
}

// outsideTicks moves a cut before a run of backticks.
func outsideTicks(s string, at int) int {
	if at >= len(s) || s[at] != '`' {
		return at
	}
	before := len(strings.TrimRight(s[:at], "`"))
	if before == 0 || at-before > len(fence) {
		return at
	}
	return before
}
