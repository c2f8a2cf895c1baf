package bridge

import (
	"encoding/json"
	"errors"
	"sync"

	"toban/internal/comms"
	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// observer reports what the engine does as events, and to the clients of the
// debug sidebar. Every load has one of its own.
type observer struct {
	engine.Silent
	out *writer
	hub *comms.Hub

	mu       sync.Mutex
	reported map[string]bool // nodes whose arrivals are reported
}

func (o *observer) watch(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reported[id] = true
}

func (o *observer) watches(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reported[id]
}

type received struct {
	Ev   string          `json:"ev"`
	Node string          `json:"node"`
	Msg  json.RawMessage `json:"msg"`
}

func (o *observer) Received(id string, msg *message.Object) {
	if o.watches(id) {
		o.out.line(received{"receive", id, Encode(msg)})
	}
}

type called struct {
	Ev     string          `json:"ev"`
	Node   string          `json:"node"`
	Method string          `json:"method"`
	Args   json.RawMessage `json:"args"`
}

func (o *observer) Called(id, method string, what any) {
	o.out.line(called{"call", id, method, Encode(message.NewArray(asValue(what)))})
}

type logged struct {
	Ev    string          `json:"ev"`
	Entry json.RawMessage `json:"entry"`
}

func (o *observer) Logged(e engine.LogEntry) {
	entry := message.NewBuilder(8)
	entry.Set("level", float64(e.Level))
	if e.Node != nil {
		setIf(entry, "id", e.Node.ID)
		setIf(entry, "type", e.Node.Type)
		setIf(entry, "name", e.Node.Name)
		setIf(entry, "z", flowOf(e.Node))
		setIf(entry, "path", pathOf(e.Node))
	}
	entry.Set("msg", asValue(e.What))
	entry.Set("timestamp", float64(e.Time.UnixMilli()))
	o.out.line(logged{"log", Encode(entry.Object())})
	if e.Node != nil && (e.Level == node.Warn || e.Level == node.Error) {
		o.publish(comms.DebugTopic, comms.LogData(originOf(e.Node), e.Level, asValue(e.What), e.Time, 0), false)
	}
}

func setIf(b *message.Builder, name, v string) {
	if v != "" {
		b.Set(name, v)
	}
}

func flowOf(n *flow.Node) string {
	if n.Flow == nil {
		return ""
	}
	return n.Flow.ID
}

// pathOf is where the node's flow stands: tab/instance/….
func pathOf(n *flow.Node) string {
	if n.Flow == nil {
		return "global"
	}
	return n.Flow.Path
}

func originOf(n *flow.Node) comms.Origin {
	return comms.Origin{ID: n.ID, Type: n.Type, Name: n.Name, Flow: flowOf(n), Alias: n.Alias, Path: pathOf(n)}
}

type statusChanged struct {
	Ev     string          `json:"ev"`
	Node   string          `json:"node"`
	Status json.RawMessage `json:"status"`
}

func (o *observer) Status(id string, s node.Status) {
	o.out.line(statusChanged{"status", id, Encode(statusValue(s))})
}

// statusValue is a status as Node-RED shows it: an object that lacks what isn't set.
func statusValue(s node.Status) message.Value {
	if s.Value != nil {
		return s.Value
	}
	b := message.NewBuilder(3)
	setIf(b, "fill", s.Fill)
	setIf(b, "shape", s.Shape)
	setIf(b, "text", s.Text)
	return b.Object()
}

func (o *observer) Debugged(n *flow.Node, d node.Debug) {
	o.publish(comms.DebugTopic, comms.DebugData(originOf(n), d, 0), false)
}

func (o *observer) publish(topic string, data any, retain bool) {
	if err := o.hub.Publish(topic, data, retain); err != nil {
		o.out.line(map[string]string{"ev": "crash", "error": err.Error()})
	}
}

// asValue gives what a node logged or showed as a value: the key of a text, the
// thrown value of a function, or the value itself.
func asValue(what any) message.Value {
	switch what := what.(type) {
	case node.Status:
		return statusValue(what)
	case error:
		if thrown, ok := errors.AsType[node.Thrown](what); ok {
			return thrown.Value
		}
		return locale.Keys.Err(what)
	default:
		return what
	}
}

var _ engine.Observer = (*observer)(nil)
