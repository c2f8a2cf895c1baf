package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
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
	Encoding      string `flow:"encoding" default:"none"`       // "setbymsg": msg.encoding has it

	env    node.Env
	target *target
	codec  codec  // nil: the message says it
	cancel func() // of the status that is about to be shown
}

// Provision reads how the file is named and how its text is encoded.
func (n *Write) Provision(env node.Env) (err error) {
	n.env = env
	if n.Encoding != "setbymsg" {
		if n.codec, err = charset(n.Encoding); err != nil {
			return err
		}
	}
	n.target, err = newTarget(env, n.Filename, n.FilenameType)
	return err
}

// Plan says what would be written where.
func (n *Write) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	filename, err := n.target.name(msg)
	if err != nil {
		return nil, err
	}
	if filename == "" {
		n.env.Log(node.Warn, locale.Errorf("file.errors.nofilename"))
		return nil, nil
	}
	n.show(filename)
	msg = msg.With("filename", filename)
	path := n.target.path(filename)
	if n.Overwrite == "delete" {
		return n.deletion(filename, path, msg), nil
	}
	payload := msg.Get("payload")
	if payload == nil {
		return nil, nil
	}
	data, text, err := n.content(msg, payload)
	if err != nil {
		return nil, err
	}
	action := "file.action.append"
	if n.Overwrite == "true" {
		action = "file.action.write"
	}
	return n.effect(path, action, text, msg, func(ctx context.Context) error { return n.write(ctx, path, data) }), nil
}

func (n *Write) effect(path, action, detail string, msg *message.Object, do func(context.Context) error) *node.Effect {
	sent := func() node.Outputs { return node.First(msg) }
	return &node.Effect{
		Policy: node.Repeat, Resource: "file:" + path, Serial: true,
		Preview:   node.Preview{Action: n.env.Lang().Text(action), Target: path, Detail: detail},
		Rehearsed: sent,
		Perform: func(ctx context.Context, _ node.Key) (node.Outputs, error) {
			if err := do(ctx); err != nil {
				return nil, err
			}
			return sent(), nil
		},
	}
}

// deletion deletes a file. After a crash a file that is gone counts as deleted.
func (n *Write) deletion(filename, path string, msg *message.Object) *node.Effect {
	effect := n.effect(path, "file.action.delete", "", msg, func(context.Context) error {
		if err := mayUse(n.env, path); err != nil {
			return failed(n.env, "file.errors.deletefail", path, err)
		}
		if err := os.Remove(path); err != nil {
			return failed(n.env, "file.errors.deletefail", path, err)
		}
		n.env.Log(node.DebugLevel, locale.Errorf("file.status.deletedfile", "file", filename))
		return nil
	})
	effect.Observe = func(context.Context, node.Attempt) (node.Observation, error) {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return node.Observation{Happened: node.Happened, Outputs: node.First(msg), Note: n.env.Lang().Text("file.action.gone")}, nil
		}
		return node.Observation{Happened: node.DidNot}, nil
	}
	return effect
}

func (n *Write) write(ctx context.Context, path string, data []byte) error {
	flags, key := os.O_APPEND, "file.errors.appendfail"
	if n.Overwrite == "true" {
		flags, key = os.O_TRUNC, "file.errors.writefail"
	}
	if err := mayUse(n.env, path); err != nil {
		return failed(n.env, key, path, err)
	}
	if n.CreateDir {
		if err := makeFolder(path); err != nil {
			return failed(n.env, "file.errors.createfail", path, err)
		}
	}
	err := use(ctx, path, os.O_CREATE|os.O_WRONLY|flags, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
	if err != nil {
		return failed(n.env, key, path, err)
	}
	return nil
}

// show puts the name of the file under a node that takes it from the message,
// at most three times a second.
func (n *Write) show(filename string) {
	if n.Filename != "" || n.cancel != nil {
		return
	}
	n.cancel = n.env.After(time.Second/3, func() {
		n.cancel = nil
		n.env.Status(node.Status{Fill: "grey", Shape: "dot", Text: filename})
	})
}

// Close clears the status.
func (n *Write) Close(bool) error {
	if n.cancel != nil {
		n.cancel()
	}
	n.env.Status(node.Status{})
	return nil
}

var (
	_ node.Provisioner = (*Write)(nil)
	_ node.Planner     = (*Write)(nil)
	_ node.Closer      = (*Write)(nil)
)
