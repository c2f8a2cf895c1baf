package history

import (
	"iter"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// Read gives the history of a run as it may be shown.
func Read(records []store.Record) (*machine.History, error) {
	h, err := machine.Fold(records)
	if err != nil {
		return nil, err
	}
	mask(h.Steps)
	return h, nil
}

// mask masks secrets: first where a name tells them, then where other texts quote
// those.
func mask(steps []*machine.Step) {
	names := newMasker()
	for s := range known(steps) {
		messages(s, names.message)
	}
	quotes := names.quotes()
	if quotes == nil {
		return
	}
	for s := range known(steps) {
		messages(s, quotes.message)
		for _, text := range []*string{&s.Error, &s.Note, &s.Preview.Target, &s.Preview.Detail} {
			*text = quotes.text(*text)
		}
	}
}

// known are the steps that a record names.
func known(steps []*machine.Step) iter.Seq[*machine.Step] {
	return func(yield func(*machine.Step) bool) {
		for _, s := range steps {
			if s != nil && !yield(s) {
				return
			}
		}
	}
}

// messages changes a step's messages.
func messages(s *machine.Step, change func(*message.Object) *message.Object) {
	if s.Input != nil {
		s.Input = change(s.Input)
	}
	for i, o := range s.Outputs {
		if o.Msg != nil {
			s.Outputs[i].Msg = change(o.Msg)
		}
	}
}
