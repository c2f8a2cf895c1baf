package expr

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/recolabs/gnata"

	"toban/internal/locale"
	"toban/internal/message"
)

// JSONata is a compiled JSONata expression. It is immutable and safe for
// concurrent use.
type JSONata struct {
	source string
	expr   *gnata.Expression
	shape  shape
}

// maxSource bounds an expression's text, evalLimit the time that one evaluation may take.
const (
	maxSource = 256 << 10
	evalLimit = 10 * time.Second
)

// CompileJSONata parses an expression. What can't be evaluated as jsonata 2.0.6
// (the version in Node-RED 5) does it is refused with the reason.
func CompileJSONata(source string) (*JSONata, error) {
	if len(source) > maxSource {
		return nil, locale.Errorf("expr.jsonata.large", "size", len(source), "max", maxSource)
	}
	compiled, err := gnata.Compile(source)
	if err != nil {
		return nil, locale.Errorf("expr.jsonata.syntax", "expr", source).Because(err)
	}
	shape, err := inspect(source, compiled)
	if err != nil {
		return nil, err
	}
	return &JSONata{source: source, expr: compiled, shape: shape}, nil
}

// String gives the source.
func (e *JSONata) String() string { return e.source }

// Eval evaluates the expression on a message. vars serves $env, $flowContext,
// $globalContext, $now and $millis; it may be nil, then they find nothing. The
// result undefined is nil, null is message.Null. It gives up when ctx ends or
// after ten seconds.
func (e *JSONata) Eval(ctx context.Context, vars Vars, msg message.Value) (message.Value, error) {
	return e.EvalWith(ctx, vars, msg, nil)
}

// EvalWith is Eval with variables: bindings has their values by name, without $.
func (e *JSONata) EvalWith(ctx context.Context, vars Vars, msg message.Value, bindings map[string]message.Value) (message.Value, error) {
	eval := &evaluation{Context: ctx, vars: vars, shape: &e.shape}
	root, env := eval.root(msg), jsonataRoot
	for name, value := range bindings {
		if !slices.Contains(e.shape.variables, name) {
			continue
		}
		if env == jsonataRoot {
			env = env.Clone()
		}
		env.Bind(name, eval.toGnata(value))
	}
	v, err := e.expr.EvalWithCustomFuncs(eval, root, env)
	if err != nil {
		return nil, e.explain(err)
	}
	return eval.fromGnata(v), nil
}

func (e *JSONata) explain(err error) error {
	if errors.Is(err, errSlow) {
		return locale.Errorf("expr.jsonata.slow", "expr", e.source, "limit", evalLimit)
	}
	return locale.Errorf("expr.jsonata.failed", "expr", e.source).Because(err)
}

var errSlow = errors.New("time limit")

// evaluation is one run of an expression: the context that gnata asks again and
// again whether to go on, and what the conversion of its values remembers.
type evaluation struct {
	context.Context
	vars  Vars
	shape *shape
	start time.Time // of the time limit
	asked uint
	now   time.Time // the same for all of one evaluation
	pairs []pair
	index map[any]message.Value
}

// Err ends the evaluation. The clock is read only now and then.
func (e *evaluation) Err() error {
	e.asked++
	if e.asked%1024 != 0 {
		return nil
	}
	if err := e.Context.Err(); err != nil {
		return err
	}
	if e.start.IsZero() {
		e.start = time.Now()
	}
	if time.Since(e.start) > evalLimit {
		return errSlow
	}
	return nil
}

// Value gives the evaluation itself to the functions, by evaluationKey.
func (e *evaluation) Value(key any) any {
	if key == evaluationKey {
		return e
	}
	return e.Context.Value(key)
}

type contextKey struct{}

var evaluationKey contextKey

func evaluationOf(ctx context.Context) *evaluation {
	e, _ := ctx.Value(evaluationKey).(*evaluation)
	return e
}
