package expr

import (
	"strings"
	"testing"
)

func TestRegexpReplace(t *testing.T) {
	for _, c := range []struct{ pattern, flags, text, replacement, want string }{
		{"b", "g", "abcb", "$&$&", "abbcbb"}, {`(\w)(\d)?`, "g", "a1b", "$2$1$3$$", "1a$3$b$3$"}, {`(?<y>\d+)-(\d+)`, "", "10-20", "$<y>/$2/$1", "10/20/10"},
		{"x", "", "axb", "[$`|$']", "a[a|b]b"}, {"", "g", "ab", "-", "-a-b-"}, {"日", "g", "日本日", "に", "に本に"}, {`\.`, "", "a.b.c", "$10", "a$10b.c"},
	} {
		re, err := CompileRegexp(c.pattern, c.flags)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := re.Replace(c.text, c.replacement, c.flags == "g"); err != nil || got != c.want {
			t.Errorf("%q.replace(/%s/%s, %q) = %q, %v; want %q", c.text, c.pattern, c.flags, c.replacement, got, err, c.want)
		}
	}
}

func TestQuoteRegexp(t *testing.T) {
	text := "a.b*c[d](e){f}^g$h|i\\j?k+l#m-n o\np日本"
	re, err := CompileRegexp(QuoteRegexp(text), "")
	if err != nil {
		t.Fatal(err)
	}
	if ok, _ := re.Test("x" + text + "y"); !ok {
		t.Errorf("/%s/ doesn't match its own text", re)
	}
	if ok, _ := re.Test(strings.Replace(text, ".", "x", 1)); ok {
		t.Errorf("/%s/ matches something else", re)
	}
}

func TestRegexpGivesUp(t *testing.T) {
	re, err := CompileRegexp(`^(\w+\s?)*$`, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.Test(strings.Repeat("aaaaaaaa ", 30) + "!"); err == nil {
		t.Error("an exponential match ended without an error")
	}
}
