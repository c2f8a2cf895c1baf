package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/locale"
)

func flowFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "flows.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCheck(t *testing.T) {
	for name, tc := range map[string]struct {
		flow string
		code int
		want string
	}{
		"well":         {`[{"id":"a","type":"junction","z":"t","x":1,"y":1,"wires":[[]]}]`, exitOK, "no problems; 1 nodes"},
		"unknown type": {`[{"id":"a1","type":"teleport","z":"t","x":1,"y":1}]`, exitFailed, "[a1]"},
		"a trap": {`[{"id":"c1","type":"command","name":"stop","z":"t","connectionconfig":"h","command":"aws stop\ntrue","x":1,"y":1,"wires":[[]]},
			{"id":"h","type":"connection","host":"h"}]`, exitOK, "warning: Command “stop” has several lines"},
		"no JSON": {`[{"id":`, exitFailed, "line 1"},
	} {
		got := command(t, locale.EN, "", "check", flowFile(t, tc.flow))
		if got.code != tc.code || !strings.Contains(got.stdout, tc.want) {
			t.Errorf("%s: exit code %d\n%s%s", name, got.code, got.stdout, got.stderr)
		}
	}
	if got := command(t, locale.EN, `[]`, "check", "-"); got.code != exitOK {
		t.Errorf("from stdin: %+v", got)
	}
	if got := command(t, locale.EN, "", "check", filepath.Join(t.TempDir(), "none")); got.code != exitFailed {
		t.Errorf("a file that isn't there: %+v", got)
	}
}

// A filter for the mails that AWS sent in 2018 lets none of today's through; the
// person hears of it, in each language, and how today's mails look.
func TestCheckNamesTodaysSubjects(t *testing.T) {
	file := flowFile(t, `[{"id":"s1","type":"switch","name":"件名でフィルタ","z":"t","property":"topic","x":1,"y":1,"wires":[[]],
		"rules":[{"t":"cont","v":"[Retirement Notification]","vt":"str"}]}]`)
	for lang, want := range map[locale.Lang]string{
		locale.EN: "warning: Switch “件名でフィルタ” only lets mails through whose subject contains texts such as “[Retirement Notification]”",
		locale.JA: "注意: switch「件名でフィルタ」が通すのは、件名が「[Retirement Notification]」のようなメールだけです",
	} {
		got := command(t, lang, "", "check", file)
		if got.code != exitOK || !strings.Contains(got.stdout, want) || !strings.Contains(got.stdout, "Amazon EC2 Instance Retirement [AWS Account: ") {
			t.Errorf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
		}
	}
}

func TestSlackManifestCanBePiped(t *testing.T) {
	got := command(t, locale.JA, "", "slack", "manifest")
	if !json.Valid([]byte(got.stdout)) || !strings.Contains(got.stderr, "SLACK_APP_TOKEN") {
		t.Errorf("%+v", got)
	}
}
