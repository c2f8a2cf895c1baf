package sshx

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
)

func TestParseEnv(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []Var
		key        string // of the error
	}{
		{"nothing", " \n", nil, ""},
		{"lines", "A=1\r\n\n# B=2\n C = x=y \n", []Var{{"A", "1"}, {"C", " x=y "}}, ""},
		{"last one counts", "A=1\nB=2\nA=3", []Var{{"A", "3"}, {"B", "2"}}, ""},
		{"empty value", "A=", []Var{{"A", ""}}, ""},
		{"JSON", ` {"A": "x\ny", "B": 1.50, "C": true, "A": "z"} `, []Var{{"A", "z"}, {"B", "1.50"}, {"C", "true"}}, ""},
		{"no =", "A", nil, "ssh.env_bad_line"},
		{"bad name", "A-B=1", nil, "ssh.env_bad_name"},
		{"a command for a name", "A;id=1", nil, "ssh.env_bad_name"},
		{"no name", "=1", nil, "ssh.env_bad_name"},
		{"nested", `{"A": {"B": 1}}`, nil, "ssh.env_bad_value"},
		{"null", `{"A": null}`, nil, "ssh.env_bad_value"},
		{"NUL", "A=\x00", nil, "ssh.env_bad_value"},
		{"half", `{"A": 1`, nil, "ssh.env_bad_json"},
		{"more", `{"A": 1} {}`, nil, "ssh.env_bad_json"},
		{"no JSON", `{A=1}`, nil, "ssh.env_bad_json"},
		{"too big", "A=" + strings.Repeat("x", maxEnvText), nil, "ssh.env_too_big"},
		{"too many", manyVars(maxVars + 1), nil, "ssh.env_too_many"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseEnv(test.text)
			if (test.key == "") != (err == nil) || test.key != "" && !locale.HasKey(err, test.key) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func manyVars(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("V" + strings.Repeat("x", i) + "=1\n")
	}
	return b.String()
}

// FuzzParseEnv: what is accepted can be exported by a shell.
func FuzzParseEnv(f *testing.F) {
	for _, seed := range []string{"A=1", `{"A":"b"}`, "A", "{", `{"A":[]}`, "\xff=\x00", "# x\n=\n", `{"A":1}{`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		vars, err := ParseEnv(text)
		if err != nil && vars != nil {
			t.Error("both variables and an error")
		}
		seen := map[string]bool{}
		for _, v := range vars {
			if !varName.MatchString(v.Name) || seen[v.Name] || strings.Contains(v.Value, "\x00") {
				t.Errorf("%q gave %q", text, v)
			}
			seen[v.Name] = true
		}
	})
}
