package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
	"toban/internal/store/memory"
)

// fullDisk refuses every commit once it is full.
type fullDisk struct {
	store.Store
	full atomic.Bool
}

func (d *fullDisk) Commit(ctx context.Context, cuts ...*store.Cut) error {
	if d.full.Load() {
		return errors.New("no space left on device")
	}
	return d.Store.Commit(ctx, cuts...)
}

type still struct{}

func (still) Receive(node.Step, *message.Object) error { return nil }

// A deletion that can't be stored says so, instead of keeping its sender waiting.
func TestDeletionOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		types := node.NewRegistry()
		types.Add(node.Type{Name: "still", New: func() node.Node { return &still{} }})
		file, err := flow.Parse([]byte(`[{"id":"t","type":"tab"},{"id":"n","type":"still","z":"t","wires":[]}]`))
		if err != nil {
			t.Fatal(err)
		}
		disk := &fullDisk{Store: memory.New()}
		e := engine.New(engine.Config{Store: disk, Types: types})
		if _, err := e.Start(t.Context(), flow.Build(file, flow.Options{Types: types}), file.JSON()); err != nil {
			t.Fatal(err)
		}
		defer func() { disk.full.Store(false); e.Stop(context.Background()) }()
		err = e.Within(t.Context(), "n", func(env node.Env, _ node.Node) {
			if err := env.Context(node.FlowScope).Set("", "x", 1.0); err != nil {
				t.Error(err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		disk.full.Store(true)
		r := httptest.NewRequest(http.MethodDelete, "/context/flow/t/x", nil)
		r.SetPathValue("id", "t")
		r.SetPathValue("key", "x")
		err = (&Server{cfg: Config{Engine: e}}).deleteContext(httptest.NewRecorder(), r)
		if f, ok := errors.AsType[*failure](err); !ok || f.status != http.StatusServiceUnavailable || f.code != "not_stored" {
			t.Errorf("got %v", err)
		}
	})
}
