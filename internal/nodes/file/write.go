package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Write is the file node.
type Write struct {
	Filename      string `flow:"filename"`
	FilenameType  string `flow:"filenameType"`
	AppendNewline bool   `flow:"appendNewline"`
	CreateDir     bool   `flow:"createDir"`
	Overwrite     string `flow:"overwriteFile" default:"false"` // "true", "false" (append) or "delete"
	Encoding      string `flow:"encoding" default:"none"`

	env  node.Env
	name name
	tick bool // a status is about to be shown
}

// Provision reads how the file is named.
func (n *Write) Provision(env node.Env) (err error) {
	n.env = env
	if n.name, err = compileName(n.Filename, n.FilenameType); err != nil {
		return err
	}
	if mapped(n.Filename) {
		env.Log(node.Warn, locale.Errorf("file.drive", "node", env.Label(), "name", n.Filename, "path", place(env, n.Filename)))
	}
	return nil
}

// Plan says what would be written where.
func (n *Write) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	filename, err := n.name.of(n.env, msg)
	if err != nil {
		return nil, err
	}
	if filename == "" {
		n.env.Log(node.Warn, locale.Errorf("file.errors.nofilename"))
		return nil, nil
	}
	n.show(filename)
	msg = msg.With("filename", filename)
	path := place(n.env, filename)
	if n.Overwrite == "delete" {
		return n.effect(path, "file.action.delete", "", msg, func() error { return n.remove(filename, path) }), nil
	}
	payload := msg.Get("payload")
	if payload == nil {
		return nil, nil
	}
	data, err := n.bytes(msg, payload)
	if err != nil {
		return nil, err
	}
	action := "file.action.append"
	if n.Overwrite == "true" {
		action = "file.action.write"
	}
	return n.effect(path, action, string(data), msg, func() error { return n.write(path, data) }), nil
}

func (n *Write) effect(path, action, detail string, msg *message.Object, do func() error) *node.Effect {
	sent := func() node.Outputs { return node.First(msg) }
	return &node.Effect{
		Policy: node.Repeat, Resource: "file:" + path, Serial: true,
		Preview:   node.Preview{Action: n.env.Lang().Text(action), Target: path, Detail: detail},
		Rehearsed: sent,
		Perform: func(context.Context, node.Key) (node.Outputs, error) {
			if err := do(); err != nil {
				return nil, err
			}
			return sent(), nil
		},
	}
}

// bytes gives what is written for a payload.
func (n *Write) bytes(msg *message.Object, payload message.Value) ([]byte, error) {
	if raw, ok := payload.(message.Buffer); ok {
		return []byte(raw), nil
	}
	var data string
	switch v := payload.(type) {
	case *message.Object, *message.Array, message.Null, message.Date:
		data, _ = message.Stringify(v, 0)
	default:
		data = message.ToString(v)
	}
	if n.AppendNewline && !lastPart(msg) {
		data += newline
	}
	encoding := n.Encoding
	if encoding == "setbymsg" {
		if encoding = msg.Text("encoding"); encoding == "" {
			encoding = "none"
		}
	}
	return encode(data, encoding)
}

var newline = map[bool]string{true: "\r\n", false: "\n"}[runtime.GOOS == "windows"]

// lastPart reports whether the message is the last of a split text, which had
// no newline after it.
func lastPart(msg *message.Object) bool {
	parts, _ := msg.Get("parts").(*message.Object)
	if parts.Text("type") != "string" {
		return false
	}
	count, _ := parts.Get("count").(float64)
	index, ok := parts.Get("index").(float64)
	return ok && count == index+1
}

func (n *Write) write(path string, data []byte) error {
	if n.CreateDir {
		if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
			return locale.Errorf("file.errors.createfail", "error", err, "node", n.env.Label()).Because(err)
		}
	}
	flags, key := os.O_APPEND, "file.errors.appendfail"
	if n.Overwrite == "true" {
		flags, key = os.O_TRUNC, "file.errors.writefail"
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|flags, fileMode)
	if err == nil {
		_, err = f.Write(data)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return locale.Errorf(key, "error", err, "node", n.env.Label()).Because(err)
	}
	return nil
}

func (n *Write) remove(filename, path string) error {
	if err := os.Remove(path); err != nil {
		return locale.Errorf("file.errors.deletefail", "error", err, "node", n.env.Label()).Because(err)
	}
	n.env.Log(node.DebugLevel, locale.Errorf("file.status.deletedfile", "file", filename))
	return nil
}

// show puts the name of the file under a node that takes it from the message,
// at most three times a second.
func (n *Write) show(filename string) {
	if n.Filename != "" || n.tick {
		return
	}
	n.tick = true
	n.env.After(time.Second/3, func() {
		n.tick = false
		n.env.Status(node.Status{Fill: "grey", Shape: "dot", Text: filename})
	})
}

// Close clears the status.
func (n *Write) Close(bool) error {
	n.env.Status(node.Status{})
	return nil
}

var (
	_ node.Provisioner = (*Write)(nil)
	_ node.Planner     = (*Write)(nil)
	_ node.Closer      = (*Write)(nil)
)
