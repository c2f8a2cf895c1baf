package bridge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"toban/internal/locale"
	"toban/internal/message"
)

// maxLine bounds one request, in bytes.
const maxLine = 64 << 20

// Serve answers the requests on in until it closes or ctx ends. The error is
// nil at the end of in.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	b := newBridge(&writer{out: out})
	defer b.close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for ctx.Err() == nil && lines.Scan() {
		if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
			b.answer(ctx, line)
		}
	}
	return errors.Join(lines.Err(), b.out.failed())
}

// writer writes JSON lines; safe for concurrent use.
type writer struct {
	mu  sync.Mutex
	out io.Writer
	err error
}

func (w *writer) line(v any) {
	data, err := json.Marshal(v)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		_, err = w.out.Write(append(data, '\n'))
	}
	if w.err == nil {
		w.err = err
	}
}

// failed gives the first error of writing: whoever read our output is gone.
func (w *writer) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// request is one request; its parameters are decoded by the operation that wants them.
type request struct {
	ID     int64
	Op     string
	Params map[string]json.RawMessage
}

type reply struct {
	ID     int64   `json:"id"`
	Result any     `json:"result"`
	Error  *failed `json:"error,omitempty"`
}

type failed struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

func (b *bridge) answer(ctx context.Context, line []byte) {
	req, err := parseRequest(line)
	if err != nil {
		b.out.line(map[string]any{"ev": "garbage", "line": string(line)})
		return
	}
	op, known := operations[req.Op]
	if !known {
		b.out.line(reply{ID: req.ID, Error: &failed{Message: "unknown op " + req.Op}})
		return
	}
	result, err := op(b, ctx, req)
	if err != nil {
		b.out.line(reply{ID: req.ID, Error: &failed{Message: locale.Keys.Err(err)}})
		return
	}
	b.out.line(reply{ID: req.ID, Result: result})
}

func parseRequest(line []byte) (request, error) {
	var req request
	if err := json.Unmarshal(line, &req.Params); err != nil {
		return req, err
	}
	if err := json.Unmarshal(req.Params["id"], &req.ID); err != nil {
		return req, fmt.Errorf("id: %w", err)
	}
	return req, json.Unmarshal(req.Params["op"], &req.Op)
}

// value gives a parameter, undefined if it is missing.
func (r request) value(name string) (message.Value, error) {
	raw, ok := r.Params[name]
	if !ok {
		return nil, nil
	}
	v, err := Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// text gives a parameter that is a string, "" if it is missing.
func (r request) text(name string) string {
	var s string
	_ = json.Unmarshal(r.Params[name], &s) // something else counts as missing
	return s
}

// object gives a parameter that is an object, an empty one if it is missing.
func (r request) object(name string) (*message.Object, error) {
	v, err := r.value(name)
	if err != nil {
		return nil, err
	}
	if obj, ok := v.(*message.Object); ok {
		return obj, nil
	}
	return message.NewObject(), nil
}
