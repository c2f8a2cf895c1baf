package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
)

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  []string
	}{
		{"one two three", 8, []string{"one two", "three"}},
		{"", 8, []string{""}},
		{"a\nb", 8, []string{"a", "b"}},
		{"incomprehensibilities", 8, []string{"incomprehensibilities"}},
		{"当番は運用の手順を", 8, []string{"当番は運", "用の手順", "を"}},
		{"運用手順、です。", 8, []string{"運用手", "順、で", "す。"}}, // no line begins with 、
	} {
		if diff := cmp.Diff(tc.want, wrap(tc.in, tc.width)); diff != "" {
			t.Errorf("%q: %s", tc.in, diff)
		}
	}
}

func TestClipCountsColumns(t *testing.T) {
	for in, want := range map[string]string{"short": "short", "much too long": "much to…", "当番当番当番": "当番当…"} {
		if got := clip(in, 8); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := locale.Pad("当番", 6); got != "当番  " {
		t.Errorf("%q", got)
	}
}

func TestWrapNeverLosesText(t *testing.T) {
	text := "接続ノード hostKey に書くなら（次の行です）: ssh-ed25519 AAAA、以上。"
	joined := strings.ReplaceAll(strings.Join(wrap(text, 10), ""), " ", "")
	if joined != strings.ReplaceAll(text, " ", "") {
		t.Errorf("%q became %q", text, joined)
	}
}
