package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/message"
)

// TestOriginalFlowPasses renders the commands of the original flow file, where
// it lies beside the repo.
func TestOriginalFlowPasses(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "seed", "flow.json"))
	if err != nil {
		t.Skip("the original flow file is not beside the repo")
	}
	var nodes []struct{ Type, Command string }
	if err := json.Unmarshal(data, &nodes); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, n := range nodes {
		if n.Type != "command" {
			continue
		}
		found++
		got, err := rendered(t, n.Command, false, message.NewObject("instanceId", web))
		if want := strings.ReplaceAll(n.Command, "{{{instanceId}}}", web); err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	if found != 3 {
		t.Errorf("%d commands", found)
	}
}
