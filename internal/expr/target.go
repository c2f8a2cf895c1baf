package expr

import (
	"toban/internal/locale"
	"toban/internal/message"
)

// Target is a place that a node writes to: a property of the message or of the
// flow or global context. It is immutable and safe for concurrent use.
type Target struct {
	typ  string
	path message.Path // of msg
	ref  contextRef   // of flow and global
}

// CompileTarget prepares the property of the type msg, flow or global.
func CompileTarget(typ, property string) (*Target, error) {
	t := &Target{typ: typ}
	var err error
	switch typ {
	case "msg":
		t.path, err = message.ParseMsgPath(property)
	case "flow", "global":
		t.ref, err = parseContextRef(typ, property)
	default:
		err = locale.Errorf("expr.target.type", "type", typ)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Type is msg, flow or global.
func (t *Target) Type() string { return t.typ }

// Get reads the place.
func (t *Target) Get(vars Vars, msg *message.Object) (message.Value, error) {
	if t.typ == "msg" {
		return t.path.Get(msg)
	}
	return t.ref.get(vars, msg)
}

// Set writes v to the place and gives the message as it then is; undefined
// deletes. Missing parents are made. A place below a text or a number in the
// message can't be written: then ok is false and nothing happened.
func (t *Target) Set(vars Vars, msg *message.Object, v message.Value) (changed *message.Object, ok bool, err error) {
	if t.typ != "msg" {
		return msg, true, t.ref.set(vars, msg, v)
	}
	return asMessage(msg)(t.path.Set(msg, v))
}

// SetExisting is Set, but a missing parent in the message is not made.
func (t *Target) SetExisting(vars Vars, msg *message.Object, v message.Value) (changed *message.Object, ok bool, err error) {
	if t.typ != "msg" {
		return msg, true, t.ref.set(vars, msg, v)
	}
	return asMessage(msg)(t.path.SetExisting(msg, v))
}

func asMessage(old *message.Object) func(message.Value, bool, error) (*message.Object, bool, error) {
	return func(v message.Value, ok bool, err error) (*message.Object, bool, error) {
		if o, isObject := v.(*message.Object); ok && isObject {
			return o, true, err
		}
		return old, false, err
	}
}
