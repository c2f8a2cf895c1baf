package engine

import (
	"testing"

	"toban/internal/message"
)

func TestContextStore(t *testing.T) {
	memory := message.NewObject("module", "memory")
	for _, tc := range []struct {
		setting    message.Value
		name, want string
	}{
		{nil, "", ""},
		{nil, "file", ""},
		{message.NewObject("one", memory, "two", memory), "one", ""},
		{message.NewObject("one", memory, "two", memory), "two", "two"},
		{message.NewObject("default", "two", "one", memory, "two", memory), "two", ""},
		{message.NewObject("default", "two", "one", memory, "two", memory), "one", "one"},
		{message.NewObject("default", memory, "one", memory), "default", ""},
		{message.NewObject("default", memory, "one", memory), "other", ""},
		{message.NewObject(), "one", ""},
	} {
		e := &Engine{cfg: Config{Setting: func(string) message.Value { return tc.setting }}}
		if got := e.contextStore(tc.name); got != tc.want {
			t.Errorf("with %v, store %q is %q, want %q", tc.setting, tc.name, got, tc.want)
		}
	}
}
