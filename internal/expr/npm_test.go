package expr

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/message"
)

// npmFolder gives a folder with jsonata 2.0.6 and mustache 4.2.0 from npm, shared
// by test runs. Without Node.js or a registry the test is skipped.
func npmFolder(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: results are not compared with npm's packages", tool)
		}
	}
	dir := filepath.Join(os.TempDir(), "toban-npm-jsonata-2.0.6-mustache-4.2.0")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "mustache", "package.json")); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--prefix", dir, "jsonata@2.0.6", "mustache@4.2.0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("npm can't install the packages to compare with: %s", out)
	}
	return dir
}

// npmCase is an expression or a template with the message it sees.
type npmCase struct {
	Source string          `json:"source"`
	Msg    json.RawMessage `json:"msg"`
}

// theirs runs a script over the cases in Node.js. The script gives one text for each.
func theirs(t *testing.T, script string, cases []npmCase) []string {
	t.Helper()
	dir := npmFolder(t)
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "-e", script)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(string(in))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var results []string
	if err := json.Unmarshal(out, &results); err != nil || len(results) != len(cases) {
		t.Fatalf("%d results for %d cases: %v", len(results), len(cases), err)
	}
	return results
}

func messageOf(t *testing.T, text json.RawMessage) *message.Object {
	t.Helper()
	v, err := message.ParseJSON(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*message.Object)
}
