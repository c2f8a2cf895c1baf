package flow

import (
	"os"
	"path/filepath"
	"testing"
)

// The examples are what a new user deploys first.
func TestExamplesBuildWithoutProblems(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			g := clean(t, build(t, string(data)))
			checkGraph(t, g)
		})
	}
}
