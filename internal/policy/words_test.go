package policy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forbidden are words that have no place in the repo. They are put together
// here so that this file doesn't hold them.
var forbidden = []string{
	"/" + "work/",        // a path of one machine
	"/" + "root/",        // the same
	"proxy." + "golang.", // package registries are each user's own choice
	"registry." + "npmjs",
	"deb." + "debian",
}

func TestForbiddenWords(t *testing.T) {
	words := append(forbidden[:len(forbidden):len(forbidden)], seedSecrets(t)...)
	eachFile(t, func(name string, data []byte) {
		content := string(data)
		for _, word := range words {
			if strings.Contains(content, word) {
				t.Errorf("%s contains %q", name, word)
			}
		}
	})
}

// seedSecrets gives the user name and host in the original flow, which are a
// real person's, where that file lies beside the repo.
func seedSecrets(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(), "..", "shared", "seed", "flow.json"))
	if err != nil {
		return nil // it isn't there: nothing could have been copied from it
	}
	var nodes []struct{ Type, Host, User, Username string }
	if err := json.Unmarshal(data, &nodes); err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, n := range nodes {
		for _, w := range []string{n.Host, n.User, n.Username} {
			if len(w) > 4 {
				words = append(words, w)
			}
		}
	}
	return words
}
