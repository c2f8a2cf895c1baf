package inject

import (
	"regexp"

	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
)

// typed evaluates a typed value that is no expression.
func typed(typ string, v message.Value, env node.Env, msg *message.Object) (message.Value, error) {
	switch typ {
	case "str":
		return message.ToString(v), nil
	case "num":
		return message.ToNumber(v), nil
	case "bool":
		return v == true || v == "true", nil
	case "json":
		return message.ParseJSON(message.ToString(v))
	case "bin":
		return binary(v)
	case "date":
		return date(v, env), nil
	case "env":
		return flow.Expand(message.ToString(v), env.Getenv), nil
	case "msg":
		path, err := message.ParseMsgPath(message.ToString(v))
		if err != nil {
			return nil, err
		}
		return path.Get(msg)
	case "flow", "global":
		store, key := contextKey(message.ToString(v))
		return env.Context(node.Scope(typ)).Get(store, key)
	}
	return v, nil
}

func binary(v message.Value) (message.Value, error) {
	parsed, err := message.ParseJSON(message.ToString(v))
	if err != nil {
		return nil, err
	}
	list, ok := parsed.(*message.Array)
	if !ok {
		return message.Buffer(message.ToString(parsed)), nil
	}
	bytes := make([]byte, list.Len())
	for i, item := range list.All() {
		bytes[i] = byte(int64(message.ToNumber(item)))
	}
	return message.Buffer(bytes), nil
}

func date(v message.Value, env node.Env) message.Value {
	now := message.DateOf(env.Now())
	switch v {
	case "object":
		return now
	case "iso":
		return now.ISO()
	}
	return float64(now)
}

var storeRE = regexp.MustCompile(`^#:\((\S+?)\)::(.*)$`)

// contextKey splits #:(store)::key.
func contextKey(text string) (store, key string) {
	if m := storeRE.FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return "", text
}
