package bridge

import (
	"context"
	"fmt"

	"toban/internal/message"
	"toban/internal/node"
)

// receive hands a message to a node's input, as it is.
func (b *bridge) receive(ctx context.Context, req request) (any, error) {
	msg, err := req.object("msg")
	if err != nil {
		return nil, err
	}
	w, err := b.running(req.text("node"))
	if err != nil {
		return nil, err
	}
	_, err = w.engine.Inject(ctx, req.text("node"), msg)
	return nil, err
}

// watch reports arrivals at a node from now on.
func (b *bridge) watch(_ context.Context, req request) (any, error) {
	if b.world != nil {
		b.world.observer.watch(req.text("node"))
	}
	return nil, nil
}

// nodeCall makes a node itself send, log or show a status.
func (b *bridge) nodeCall(ctx context.Context, req request) (any, error) {
	id, method := req.text("node"), req.text("method")
	args, err := req.value("args")
	if err != nil {
		return nil, err
	}
	list, _ := args.(*message.Array)
	if list == nil {
		list = message.NewArray()
	}
	w, err := b.running(id)
	if err != nil {
		return nil, err
	}
	call, known := nodeMethods[method]
	if !known {
		return nil, fmt.Errorf("unknown method %s", method)
	}
	return nil, w.engine.Within(ctx, id, func(env node.Env, _ node.Node) { call(env, list) })
}

// nodeMethods are the methods of a Node-RED node that a spec may call.
var nodeMethods = map[string]func(env node.Env, args *message.Array){
	"send":   func(env node.Env, args *message.Array) { env.Emit(outputs(args.At(0))) },
	"status": func(env node.Env, args *message.Array) { env.Status(status(args.At(0))) },
	"error":  func(env node.Env, args *message.Array) { env.Log(node.Error, args.At(0)) },
	"warn":   func(env node.Env, args *message.Array) { env.Log(node.Warn, args.At(0)) },
	"log":    func(env node.Env, args *message.Array) { env.Log(node.Info, args.At(0)) },
	"debug":  func(env node.Env, args *message.Array) { env.Log(node.DebugLevel, args.At(0)) },
	"trace":  func(env node.Env, args *message.Array) { env.Log(node.Trace, args.At(0)) },
}

// outputs reads what node.send takes: one message, or per output a message or a
// list of messages.
func outputs(v message.Value) node.Outputs {
	list, isList := v.(*message.Array)
	if !isList {
		list = message.NewArray(v)
	}
	var out node.Outputs
	for _, item := range list.All() {
		out = append(out, messages(item))
	}
	return out
}

func messages(v message.Value) []*message.Object {
	switch v := v.(type) {
	case *message.Object:
		return []*message.Object{v}
	case *message.Array:
		var list []*message.Object
		for _, item := range v.All() {
			if msg, ok := item.(*message.Object); ok {
				list = append(list, msg)
			}
		}
		return list
	default:
		return nil
	}
}

func status(v message.Value) node.Status {
	obj, ok := v.(*message.Object)
	if !ok {
		return node.Status{Text: message.ToString(v)}
	}
	return node.Status{Fill: obj.Text("fill"), Shape: obj.Text("shape"), Text: obj.Text("text")}
}
