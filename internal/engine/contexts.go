package engine

import (
	"context"
	"slices"

	"toban/internal/locale"
	"toban/internal/message"
)

// ContextStores names the context stores and the default one among them.
func (e *Engine) ContextStores() (standard string, names []string) {
	standard = "default"
	var stores *message.Object
	if e.cfg.Setting != nil {
		stores, _ = e.cfg.Setting("contextStorage").(*message.Object)
	}
	if stores == nil || stores.Len() == 0 {
		return standard, []string{standard}
	}
	alias := defaultStore(stores)
	for name := range stores.All() {
		if name != "default" || alias == "" {
			names = append(names, name)
		}
	}
	if alias != "" {
		standard = alias
	}
	if !slices.Contains(names, standard) {
		names = append(names, standard)
	}
	return standard, names
}

// ContextOf gives the values that an owner keeps in a store ("" is the default
// one): its owner is a node id, a flow id or "global". nil: it is empty.
func (e *Engine) ContextOf(ctx context.Context, owner, store string) (*message.Object, error) {
	key := contextView{owner: owner}.name(e.contextStore(store))
	var found *message.Object
	for _, p := range e.allPartitions() {
		err := p.call(ctx, func() {
			if values := p.m.Context(key); values != nil {
				found = values
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// DeleteContext deletes the value that a property path of a context leads to;
// the path "" means all. It returns once that is on the disk. What isn't there is
// no error.
func (e *Engine) DeleteContext(ctx context.Context, owner, store, path string) error {
	key := contextView{owner: owner}.name(e.contextStore(store))
	for _, p := range e.allPartitions() {
		if err := p.deleteContext(ctx, key, path); err != nil {
			return err
		}
	}
	return nil
}

func (p *partition) deleteContext(ctx context.Context, key, path string) error {
	var stored chan struct{}
	var failed error
	err := p.call(ctx, func() {
		home := p.owner()
		values := home.m.Context(key)
		rest, changed, err := without(values, path)
		if failed = err; !changed {
			return
		}
		home.m.SetContext(nil, key, rest)
		stored = make(chan struct{})
		home.unsaved = append(home.unsaved, stored)
	})
	switch {
	case err != nil:
		return err
	case stored != nil:
		return p.await(ctx, stored)
	}
	return failed
}

// without gives values without what path names; nil when nothing is left.
func without(values *message.Object, path string) (rest *message.Object, changed bool, err error) {
	if values == nil {
		return nil, false, nil
	}
	if path == "" {
		return nil, true, nil
	}
	parsed, err := message.ParsePath(path)
	if err != nil {
		return nil, false, locale.Errorf("engine.context_path", "path", path).Because(err)
	}
	v, ok, err := parsed.Delete(values)
	if err != nil || !ok {
		return values, false, nil //nolint:nilerr // below a missing parent there is nothing to delete
	}
	rest, _ = v.(*message.Object)
	if rest.Len() == 0 {
		rest = nil
	}
	return rest, !message.Equal(rest, values), nil
}

// saved lets go who waited for the cut that has been committed.
func (p *partition) saved() {
	for _, stored := range p.saving {
		close(stored)
	}
	p.saving = nil
}
