package console

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"toban/internal/testparts/cputime"
)

// TestMrkdwn: Slack's marks, and what must not become one.
func TestMrkdwn(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                          "plain",
		"*bold* and _it_ and ~no~":       "<strong>bold</strong> and <em>it</em> and <s>no</s>",
		"*a _b_ c*":                      "<strong>a <em>b</em> c</strong>",
		"（*重要*）です":                       "（<strong>重要</strong>）です",
		"2*3*4 snake_case_name":          "2*3*4 snake_case_name",
		"* not * and **":                 "* not * and **",
		"`a *b* <c>`":                    "<code>a *b* &lt;c&gt;</code>",
		"a\nb":                           "a<br>b",
		"&gt; said\n&gt; more\nend":      "<blockquote> said<br> more</blockquote>end",
		"see\n```\nrm *x*\n<b>\n```\nok": "see<pre>rm *x*\n&lt;b&gt;</pre>ok",
		"``` open":                       "``` open",
		"&lt;script&gt; &amp;":           "&lt;script&gt; &amp;",
		"<script>alert(1)</script>":      "scriptalert(1)/script",
		"<https://example.com/a?b=1&amp;c|the *run*book>": `<a href="https://example.com/a?b=1&amp;c" rel="noopener noreferrer nofollow">the *run*book</a>`,
		"<mailto:a@example.com>":                          `<a href="mailto:a@example.com" rel="noopener noreferrer nofollow">mailto:a@example.com</a>`,
		"<javascript:alert(1)|click>":                     "click (javascript:alert(1))",
		`<https://e.example/" onclick="x|y>`:              `<a href="https://e.example/%22%20onclick=%22x" rel="noopener noreferrer nofollow">y</a>`,
		"<@U123> <@U123|hana> <#C1|general> <!here>":      "<b>@U123</b> <b>@hana</b> <b>#general</b> <b>@here</b>",
		"<!date^1^{date}|1 May>":                          "1 May",
		":white_check_mark: :unknown:":                    "✅ :unknown:",
	} {
		if got := string(mrkdwn(in)); got != want {
			t.Errorf("%q\n  %s\nwant\n  %s", in, got, want)
		}
	}
	if got := string(mrkdwn(asWritten("<https://evil.example|x> <!channel> *b*"))); strings.Contains(got, "<a") || strings.Contains(got, "<b>") || !strings.Contains(got, "<strong>b</strong>") {
		t.Errorf("a text from outside: %s", got)
	}
}

var ownMarkup = regexp.MustCompile(`</?(?:strong|em|s|code|pre|b|blockquote)>|<br>|<a href="(?:https?|mailto):[^"<>]*" rel="noopener noreferrer nofollow">|</a>`)

// FuzzMrkdwn: whatever a text is, nothing but our own markup comes out, every
// element is closed, and it takes no long time.
func FuzzMrkdwn(f *testing.F) {
	for _, seed := range []string{"*a _b ~c~ b_ a*", "```x``` ` `` <a|b> &gt;q", "<javascript:x|<b>>", "*" + strings.Repeat("_*", 50), strings.Repeat("<", 100), "\xff*\xfe*", "<https://x\"y|z>", "> <@U|*> `"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = shorten(s, cardInList)
		began := cputime.Used()
		out := string(mrkdwn(s))
		if took := cputime.Used() - began; took > 2*time.Second {
			t.Fatalf("%d bytes took %s", len(s), took)
		}
		if rest := ownMarkup.ReplaceAllString(out, ""); strings.ContainsAny(rest, "<>\"") {
			t.Fatalf("%q became %q", s, out)
		}
		for _, name := range []string{"strong", "em", "s", "code", "pre", "b", "blockquote"} {
			if strings.Count(out, "<"+name+">") != strings.Count(out, "</"+name+">") {
				t.Fatalf("%q: %s isn't closed in %q", s, name, out)
			}
		}
		_ = html.UnescapeString(out)
	})
}
