package server

import (
	"toban/internal/comms"
	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// Observer shows what the engine does to editors (over comms) and to metrics.
type Observer struct {
	engine.Silent
	lang    locale.Lang
	hub     comms.Hub
	news    announcer
	metrics *counters
}

// NewObserver makes an observer for one engine. Errors in the debug sidebar are
// in lang, because all editors get the same entries.
func NewObserver(lang locale.Lang) *Observer {
	o := &Observer{lang: lang, metrics: newCounters()}
	o.news.hub = &o.hub
	return o
}

// Received counts deliveries.
func (o *Observer) Received(string, *message.Object) { o.metrics.steps.Inc() }

// RunChanged counts runs by how they end, and announces the change.
func (o *Observer) RunChanged(r store.Run) {
	o.news.run(r)
	if !r.EndedAt.IsZero() {
		o.metrics.runs.WithLabelValues(r.Status).Inc()
	}
}

// QuestionChanged announces questions.
func (o *Observer) QuestionChanged(q store.Question) { o.news.question(q) }

// Status publishes a node's status.
func (o *Observer) Status(id string, s node.Status) {
	data := map[string]string{}
	for key, text := range map[string]string{"fill": s.Fill, "shape": s.Shape, "text": s.Text} {
		if text != "" {
			data[key] = text
		}
	}
	if s.Value != nil {
		data["text"] = message.ToString(s.Value)
	}
	_ = o.hub.Publish(statusTopic+id, data, len(data) > 0) // texts always marshal
}

// Debugged publishes an entry of the debug sidebar.
func (o *Observer) Debugged(n *flow.Node, d node.Debug) {
	_ = o.hub.Publish(comms.DebugTopic, comms.DebugData(originOf(n), d, 0), false) // encoded texts always marshal
}

// Logged publishes warnings and errors in the debug sidebar, too.
func (o *Observer) Logged(e engine.LogEntry) {
	if e.Level <= node.Error {
		o.metrics.errors.Inc()
	}
	if e.Node == nil || e.Level > node.Warn {
		return
	}
	what := e.What
	if err, ok := what.(error); ok {
		what = o.lang.Err(err)
	}
	_ = o.hub.Publish(comms.DebugTopic, comms.LogData(originOf(e.Node), e.Level, what, e.Time, 0), false)
}

func originOf(n *flow.Node) comms.Origin {
	o := comms.Origin{ID: n.ID, Type: n.Type, Name: n.Name, Alias: n.Alias, Path: n.Path}
	if n.Flow != nil {
		o.Flow = n.Flow.ID
	}
	return o
}

var _ engine.Observer = (*Observer)(nil)
