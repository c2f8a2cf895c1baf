package file_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes/catch"
	"toban/internal/nodes/file"
	"toban/internal/store/memory"
)

// arrivals are the messages that reached the end of a flow.
type arrivals struct {
	mu   sync.Mutex
	list []*message.Object
}

func (a *arrivals) Receive(_ node.Step, msg *message.Object) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, msg)
	return nil
}

// boot runs a flow in an engine with a data folder.
func boot(t *testing.T, folder, text string) (*engine.Engine, *arrivals) {
	t.Helper()
	end := &arrivals{}
	types := node.NewRegistry()
	file.Register(types)
	catch.Register(types)
	types.Add(node.Type{Name: "end", New: func() node.Node { return end }})
	f, err := flow.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: memory.New(), Types: types, DataDir: folder})
	if _, err := e.Start(t.Context(), flow.Build(f, flow.Options{Types: types}), []byte(text)); err != nil {
		t.Fatal(err)
	}
	return e, end
}

func inject(t *testing.T, e *engine.Engine, payload string) {
	t.Helper()
	if _, err := e.Inject(t.Context(), "write", message.NewObject("payload", payload)); err != nil {
		t.Fatal(err)
	}
}

// Messages that come at once are written and passed on in their order, the
// large ones too, and each is there for who reads after it.
func TestOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		e, end := boot(t, folder, `[
			{"id":"write","type":"file","z":"t","filename":"log/a.txt","createDir":true,"appendNewline":true,"wires":[["read"]]},
			{"id":"read","type":"file in","z":"t","filename":"log/a.txt","format":"utf8","wires":[["end"]]},
			{"id":"end","type":"end","z":"t"}]`)
		defer e.Stop(context.Background())
		var want []string
		for i := range 20 {
			line := fmt.Sprintf("%02d %s", i, strings.Repeat("x", (i%3)*100_000))
			want = append(want, line)
			inject(t, e, line)
		}
		synctest.Wait()
		got, err := os.ReadFile(filepath.Join(folder, "files", "log", "a.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != strings.Join(want, "\n")+"\n" {
			t.Errorf("%d bytes in another order", len(got))
		}
		if len(end.list) != len(want) {
			t.Fatalf("%d messages were passed on", len(end.list))
		}
		for _, msg := range end.list {
			if !strings.HasPrefix(string(got), msg.Text("payload")) {
				t.Error("what was read is no beginning of the file")
			}
		}
	})
}

// What the disk refuses goes to catch, with the code of the error.
func TestDiskErrorIsCaught(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, end := boot(t, t.TempDir(), `[
			{"id":"write","type":"file","z":"t","name":"write log","filename":"no/a.txt","wires":[["end"]]},
			{"id":"catch","type":"catch","z":"t","wires":[["end"]]},
			{"id":"end","type":"end","z":"t"}]`)
		defer e.Stop(context.Background())
		inject(t, e, "x")
		synctest.Wait()
		if len(end.list) != 1 {
			t.Fatalf("%d messages", len(end.list))
		}
		caught := end.list[0].Get("error").(*message.Object)
		got := []message.Value{end.list[0].Get("payload"), caught.Get("code"), strings.Contains(caught.Text("message"), "write log")}
		if diff := cmp.Diff([]message.Value{"x", "ENOENT", true}, got); diff != "" {
			t.Error(diff)
		}
	})
}
