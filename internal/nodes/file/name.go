package file

import (
	"toban/internal/expr"
	"toban/internal/message"
	"toban/internal/node"
)

// name is the property that says which file: a typed value, or as before
// Node-RED 3 a text that is empty where msg.filename says it.
type name struct{ value *expr.Value }

func compileName(source, typ string) (name, error) {
	if typ == "" {
		typ = "str"
		if source == "" {
			typ, source = "msg", "filename"
		}
	}
	v, err := expr.Compile(typ, source)
	return name{v}, err
}

// of gives the file name for a message, as the flow wrote it.
func (n name) of(env node.Env, msg *message.Object) (string, error) {
	v, err := n.value.Eval(node.VarsOf(env), msg)
	return text(v), err
}
