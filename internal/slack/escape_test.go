package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	z := breaker
	cases := map[string]string{
		"plain 日本語\n\ttext":      "plain 日本語\n\ttext",
		"<!channel> & <@U1>":     "&lt;!channel&gt; &amp; &lt;@U1&gt;",
		"<http://evil|aws>":      "&lt;http://evil|aws&gt;",
		"a `code` b":             "a `code` b",
		"x ``` y":                "x `" + z + "`" + z + "` y",
		"``":                     z + "`" + z + "`" + z,
		"`a":                     z + "`a",
		"a`":                     "a`" + z,
		"a\r\nb\rc":              "a\nb\nc",
		"\x1b[31mred\x1b[0m\x00": "red",
		"abc\u202etxt\u2066":     "abctxt",
		"":                       "",
	}
	for in, want := range cases {
		if got := Escape(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "`", "```\n<!here>", "a&b", "\x1b[0m``", "&lt;"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		// Two values beside each other inside an author's fence.
		got := Escape(a) + Escape(b)
		if strings.ContainsAny(got, "<>") || got != "" && strings.Contains("``"+got+"``", "```") {
			t.Errorf("%q + %q gives %q", a, b, got)
		}
		if strings.ContainsAny(strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(got), "&") {
			t.Errorf("a bare & in %q", got)
		}
	})
}

func TestSplitText(t *testing.T) {
	if got := splitText("short", 10); len(got) != 1 || got[0] != "short" {
		t.Errorf("short text: %q", got)
	}
	long := "begin\n" + fence + "\n" + strings.Repeat("0123456789\n", 30) + fence + "\nend"
	parts := splitText(long, 100)
	for i, p := range parts {
		if utf8.RuneCountInString(p) > 100 {
			t.Errorf("part %d has %d characters", i, utf8.RuneCountInString(p))
		}
		if strings.Count(p, fence)%2 != 0 {
			t.Errorf("part %d leaves its fence open: %q", i, p)
		}
	}
	if n := strings.Count(strings.Join(parts, "\n"), "0123456789"); n != 30 {
		t.Errorf("%d of 30 lines left", n)
	}
	if !strings.HasSuffix(parts[len(parts)-1], "end") {
		t.Errorf("the end is missing: %q", parts[len(parts)-1])
	}
}

func FuzzSplitText(f *testing.F) {
	f.Add("a&amp;b<@U1>```x```\n", 20)
	f.Add(strings.Repeat("あ", 50), 20)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 20 + max(limit, -limit)%50
		if !utf8.ValidString(s) || limit < 20 {
			return
		}
		strip := strings.NewReplacer(fence, "", "\n", "", "`", "")
		parts := splitText(s, limit)
		if strip.Replace(strings.Join(parts, "")) != strip.Replace(s) {
			t.Errorf("%q became %q", s, parts)
		}
		for _, p := range parts {
			if utf8.RuneCountInString(p) > limit {
				t.Errorf("%q is longer than %d", p, limit)
			}
		}
	})
}
