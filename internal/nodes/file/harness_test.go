package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// desk is a node on a data folder of its own.
type desk struct {
	*nodetest.Harness
	t      *testing.T
	folder string
}

func load(t *testing.T, typ string, pairs ...message.Value) *desk {
	t.Helper()
	return loadWith(t, typ, nil, pairs...)
}

func loadWith(t *testing.T, typ string, set func(*nodetest.Env), pairs ...message.Value) *desk {
	t.Helper()
	d := &desk{t: t, folder: t.TempDir()}
	d.Harness = nodetest.New(t, nodetest.Registered(t, typ, Register), message.NewObject(pairs...), func(e *nodetest.Env) {
		e.Folder = d.folder
		if set != nil {
			set(e)
		}
	})
	return d
}

// give delivers a message and performs what the node plans.
func (d *desk) give(pairs ...message.Value) ([]*message.Object, error) {
	d.t.Helper()
	_, effect, err := d.Plan(message.NewObject(pairs...))
	if effect == nil || err != nil {
		return nil, err
	}
	out, err := effect.Perform(d.t.Context(), "run1.1.1")
	if len(out) == 0 {
		return nil, err
	}
	return out[0], err
}

func (d *desk) path(name string) string { return filepath.Join(d.folder, "files", name) }

func (d *desk) put(name, text string) {
	d.t.Helper()
	if err := os.MkdirAll(filepath.Dir(d.path(name)), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) holds(name, want string) {
	d.t.Helper()
	if got, err := os.ReadFile(d.path(name)); err != nil || string(got) != want {
		d.t.Errorf("%s has %q (%v), want %q", name, got, err, want)
	}
}

// wantError checks the key, and that both texts name the node, the file and the mend.
func wantError(t *testing.T, err error, key string, parts ...string) {
	t.Helper()
	if !locale.HasKey(err, key) {
		t.Errorf("the error is %v, want %s", err, key)
		return
	}
	for _, part := range parts {
		if !strings.Contains(locale.EN.Err(err), part) {
			t.Errorf("%q doesn't say %q", locale.EN.Err(err), part)
		}
	}
	if strings.Contains(locale.JA.Err(err), "{") || locale.JA.Err(err) == locale.EN.Err(err) {
		t.Errorf("in Japanese: %q", locale.JA.Err(err))
	}
}

func warnings(e *nodetest.Env) (texts []string) {
	for _, entry := range e.Logs {
		if entry.Level == node.Warn {
			texts = append(texts, entry.String())
		}
	}
	return texts
}
