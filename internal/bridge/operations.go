package bridge

import "context"

// operation does one request and gives its result.
type operation func(b *bridge, ctx context.Context, req request) (any, error)

// operations are the requests of protocol 1.
var operations = map[string]operation{
	"hello":           (*bridge).hello,
	"start":           (*bridge).start,
	"stop":            (*bridge).stopHTTP,
	"env":             (*bridge).env,
	"settings":        (*bridge).settings,
	"load":            (*bridge).load,
	"setFlows":        (*bridge).setFlows,
	"stopFlows":       (*bridge).stopFlows,
	"unload":          (*bridge).unload,
	"getNode":         (*bridge).getNode,
	"receive":         (*bridge).receive,
	"watch":           (*bridge).watch,
	"nodeCall":        (*bridge).nodeCall,
	"nodeClose":       (*bridge).nodeClose,
	"nodeCredentials": (*bridge).nodeCredentials,
	"contextGet":      (*bridge).contextGet,
	"contextSet":      (*bridge).contextSet,
	"contextKeys":     (*bridge).contextKeys,
	"contextInit":     (*bridge).contextInit,
	"contextLoad":     (*bridge).nothing,
	"contextClean":    (*bridge).contextClean,
	"contextClose":    (*bridge).nothing,
}

func (b *bridge) hello(context.Context, request) (any, error) {
	return map[string]any{"name": "toban", "protocol": 1}, nil
}

// nothing answers requests that ask for what is always so: contexts are loaded
// from the start and need no closing.
func (b *bridge) nothing(context.Context, request) (any, error) { return nil, nil }
