package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/atomicfile"
	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/server"
)

func startOn(t *testing.T, dir string) *App {
	t.Helper()
	a, err := New(t.Context(), Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop(t.Context()) })
	return a
}

func deployText(t *testing.T, a *App, text string) error {
	t.Helper()
	file, err := flow.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.flows.Deploy(t.Context(), file, server.DeployOptions{Mode: flow.Full})
	return err
}

const (
	oldFlows = `[{"id":"c","type":"connection","name":"old","host":"a.example","username":"ops","credentials":{"password":"for-a"}}]`
	newFlows = `[{"id":"c","type":"connection","name":"new","host":"b.example","username":"ops","credentials":{"password":"for-b"}}]`
)

// TestDeployThatFailsLeavesTheOldFlows: what the deployer was told is not running
// doesn't run at the next start either, nor has it another host's password.
func TestDeployThatFailsLeavesTheOldFlows(t *testing.T) {
	broken := errors.New("the disk is broken")
	for name, c := range map[string]struct {
		spoil func(a *App, op atomicfile.Op) error
		want  error
	}{
		"the flow file can't be written": {func(_ *App, op atomicfile.Op) error {
			if op.Kind == atomicfile.Renamed && filepath.Base(op.To) == "flows.json" {
				return broken
			}
			return nil
		}, broken},
		"the server is stopped in the middle": {func(a *App, op atomicfile.Op) error {
			if op.Kind == atomicfile.Renamed && filepath.Base(op.To) == "flows.json" {
				a.engine.Stop(t.Context())
			}
			return nil
		}, engine.ErrStopped},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := startOn(t, dir)
			if err := deployText(t, a, oldFlows); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(dir, "flows.json"))
			if err != nil {
				t.Fatal(err)
			}
			stop := atomicfile.Watch(func(op atomicfile.Op) error { return c.spoil(a, op) })
			err = deployText(t, a, newFlows)
			stop()
			if !errors.Is(err, c.want) {
				t.Fatalf("the deploy ended with %v", err)
			}
			if got := a.flows.Current().JSON(); !strings.Contains(string(got), "old") {
				t.Errorf("shown: %s", got)
			}
			if after, _ := os.ReadFile(filepath.Join(dir, "flows.json")); string(after) != string(before) {
				t.Errorf("the next start would run %s", after)
			}
			_ = a.Stop(t.Context())
			again := startOn(t, dir)
			if got := again.flows.stored.Credential("c", "password"); got != "for-a" {
				t.Errorf("the password is %q", got)
			}
			if err := deployText(t, again, newFlows); err != nil {
				t.Errorf("a deploy after that: %v", err)
			}
		})
	}
}

// TestDeployThatCanNotBeUndone says so: the person must know what would run.
func TestDeployThatCanNotBeUndone(t *testing.T) {
	a := startOn(t, t.TempDir())
	if err := deployText(t, a, oldFlows); err != nil {
		t.Fatal(err)
	}
	renamed := false
	stop := atomicfile.Watch(func(op atomicfile.Op) error {
		if renamed {
			return errors.New("the disk is gone")
		}
		if op.Kind == atomicfile.FolderSynced && !renamed {
			if text, _ := os.ReadFile(filepath.Join(op.Path, "flows.json")); strings.Contains(string(text), "b.example") {
				a.engine.Stop(t.Context())
				renamed = true
			}
		}
		return nil
	})
	defer stop()
	err := deployText(t, a, newFlows)
	if !locale.HasKey(err, "app.not_undone") || !errors.Is(err, engine.ErrStopped) {
		t.Errorf("the deploy ended with %v", err)
	}
}
