package cli

import (
	"strings"
	"testing"

	"toban/internal/locale"
)

// Who leaves an argument out is told what to type, in their language.
func TestMissingArgument(t *testing.T) {
	for _, c := range []struct {
		lang locale.Lang
		args []string
		want []string
	}{
		{locale.EN, []string{"pin"}, []string{"HOST[:PORT] is missing. Host, with its port", "Usage: toban pin HOST[:PORT] [flags]", "For example: toban pin bastion.example.com:2222"}},
		{locale.JA, []string{"pin"}, []string{"HOST[:PORT] を指定してください。ホスト名。", "使い方: toban pin HOST[:PORT]", "例: toban pin bastion.example.com:2222"}},
		{locale.JA, []string{"check"}, []string{"FILE… を指定してください。", "例: toban check flows.json"}},
		{locale.EN, []string{"runs", "show"}, []string{"RUN is missing. Id of the run.", "Usage: toban runs show RUN"}},
	} {
		got := command(t, c.lang, "", c.args...)
		for _, text := range c.want {
			if got.code != exitUsage || !strings.Contains(got.stderr, text) || strings.Contains(got.stderr, "<host>") {
				t.Errorf("%v: exit code %d, %q is missing in\n%s", c.args, got.code, text, got.stderr)
			}
		}
	}
	if got := command(t, locale.EN, "", "runs", "show", "--nonsense"); got.code != exitUsage || !strings.Contains(got.stderr, "--nonsense") {
		t.Errorf("another mistake: %+v", got)
	}
}
