//go:build unix

package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"toban/internal/message"
)

// A pipe that somebody holds open and says nothing doesn't keep the server from stopping.
func TestStopEndsAReadFromAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	holder, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()

	d := load(t, "file in", "filename", path)
	_, effect, err := d.Plan(message.NewObject())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := effect.Perform(ctx, "")
		ended <- err
	}()
	cancel()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it was read")
		}
	case <-time.After(10 * time.Second):
		t.Error("the read goes on")
	}
}

// Nor does one that nobody reads keep a write.
func TestWriteToAPipeWithoutReaderFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, "file", "filename", path).give("payload", "x"); !errors.Is(err, syscall.ENXIO) {
		t.Errorf("%v", err)
	}
}
