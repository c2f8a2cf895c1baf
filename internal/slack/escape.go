package slack

import (
	"regexp"
	"strings"
	"unicode"
)

// breaker stands between characters that must not be read as markup together.
const breaker = "\u200b" // zero width space

var (
	ansi     = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]")
	ticks    = regexp.MustCompile("`+")
	entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	literals = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// Escape makes a value from outside safe inside a message's mrkdwn, wherever it
// stands: in plain text, between the marks of *bold*, or in a code fence. It
// can't mention anyone or hide a link (&, < and > become entities), and can
// neither close nor open a fence, alone or together with what stands beside it.
// Terminal colours, control characters and bidirectional overrides are left out.
// Ordinary text is unchanged.
//
// It belongs on every interpolated value of a template, not on the rendered
// text: the template's own markup is the flow author's and must work.
func Escape(value string) string {
	return fenceproof(entities.Replace(visible(value)))
}

// escapeOwn makes a text of the program's own safe that values were filled into:
// it can't mention or link, its own marks work, and what stands between its first
// and its last fence can't leave them.
func escapeOwn(text string) string {
	text = entities.Replace(visible(text))
	first, last := strings.Index(text, fence), strings.LastIndex(text, fence)
	if first < 0 || first == last {
		return text
	}
	from := first + len(fence)
	if from > last { // one long run of backticks
		return fenceproof(text)
	}
	return text[:from] + fenceproof(text[from:last]) + text[last:]
}

// Unescape gives the text that an escaped one shows.
func Unescape(mrkdwn string) string { return literals.Replace(mrkdwn) }

func visible(s string) string {
	s = strings.ReplaceAll(ansi.ReplaceAllString(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// fenceproof breaks up runs of three backticks, and runs at the ends, which
// could make three with their neighbours.
func fenceproof(s string) string {
	if !strings.Contains(s, "`") {
		return s
	}
	var b strings.Builder
	at := 0
	for _, m := range ticks.FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		b.WriteString(brokenRun(m[1]-m[0], m[0] == 0, m[1] == len(s)))
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String()
}

func brokenRun(n int, first, last bool) string {
	run := strings.Repeat("`", n)
	if n >= 3 || first || last {
		run = strings.Join(strings.Split(run, ""), breaker)
	}
	if first {
		run = breaker + run
	}
	if last {
		run += breaker
	}
	return run
}
