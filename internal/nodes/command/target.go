package command

import (
	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// tryTarget finds out before the command runs whether its result will have a
// place in the message. A context is written to only afterwards.
func tryTarget(t *expr.Target, msg *message.Object) error {
	if t.Type() != "msg" {
		return nil
	}
	_, err := put(t, nil, msg, message.NewObject())
	return err
}

// put writes the result to its place and gives the message as it then is. For a
// context it must be called in the loop.
func put(t *expr.Target, vars expr.Vars, msg *message.Object, result message.Value) (*message.Object, error) {
	changed, ok, err := t.Set(vars, msg, result)
	if err == nil && !ok {
		err = locale.Errorf("command.no_place")
	}
	return changed, err
}
