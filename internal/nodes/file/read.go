package file

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// The bounds of reading. What is read is kept in memory and in the journal.
const (
	maxRead  = 256 << 20 // bytes
	maxLines = 1 << 20   // messages
)

// Read is the file in node.
type Read struct {
	Filename     string `flow:"filename"`
	FilenameType string `flow:"filenameType"`
	Format       string `flow:"format"` // "utf8", "lines", "stream", "" for a Buffer
	Encoding     string `flow:"encoding" default:"none"`
	AllProps     bool   `flow:"allProps"`
	SendError    bool   `flow:"sendError" default:"true"`

	env    node.Env
	target *target
	codec  codec
}

// Provision reads how the file is named and how its text is encoded.
func (n *Read) Provision(env node.Env) (err error) {
	n.env = env
	if n.codec, err = charset(n.Encoding); err != nil {
		return err
	}
	n.target, err = newTarget(env, n.Filename, n.FilenameType)
	return err
}

var blanks = strings.NewReplacer("\t", "", "\r", "", "\n", "")

// Plan reads the file outside the loop. Reading changes nothing, so it needs no
// reservation and is done in rehearsals, too.
func (n *Read) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	filename, err := n.target.name(msg)
	if err != nil {
		return nil, err
	}
	if filename = blanks.Replace(filename); n.Filename == "" {
		n.env.Status(node.Status{Fill: "grey", Shape: "dot", Text: filename})
	}
	if filename == "" {
		n.env.Log(node.Warn, locale.Errorf("file.errors.nofilename"))
		return nil, nil
	}
	msg = msg.With("filename", filename)
	path := n.target.path(filename)
	return &node.Effect{
		Local: true, Safe: true,
		Preview: node.Preview{Action: n.env.Lang().Text("file.action.read"), Target: path},
		Perform: func(ctx context.Context, _ node.Key) (node.Outputs, error) {
			out, err := n.read(ctx, path, msg)
			if err != nil {
				return n.unreadable(msg, path, err)
			}
			return node.First(out...), nil
		},
	}, nil
}

func (n *Read) read(ctx context.Context, path string, msg *message.Object) ([]*message.Object, error) {
	if err := mayUse(n.env, path); err != nil {
		return nil, err
	}
	var data []byte
	err := use(ctx, path, os.O_RDONLY, func(f *os.File) (err error) {
		data, err = io.ReadAll(io.LimitReader(f, maxRead+1))
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(data) > maxRead {
		return nil, locale.Errorf("file.too_large", "max", maxRead>>20)
	}
	if n.Format == "lines" && bytes.Count(data, []byte{'\n'}) >= maxLines {
		return nil, locale.Errorf("file.too_many", "max", maxLines)
	}
	switch n.Format {
	case "lines":
		return n.lines(data, msg)
	case "stream":
		return n.chunks(data, msg), nil
	case "utf8":
		text, err := n.codec.decode(data)
		return []*message.Object{msg.With("payload", text)}, err
	}
	return []*message.Object{msg.With("payload", message.Buffer(data))}, nil
}

// unreadable makes the error a value with Node.js's code, and the message that
// the node sends in its place unless it is set not to.
func (n *Read) unreadable(msg *message.Object, path string, err error) (node.Outputs, error) {
	code, because := explain(err)
	lang := n.env.Lang()
	value := message.NewError("Error", lang.Text("file.read_failed",
		"node", n.env.Label(), "file", path, "cause", lang.Err(because)), "")
	if code != "" {
		value = value.With("code", code)
	}
	thrown := node.Thrown{Value: value}
	if !n.SendError {
		return nil, thrown
	}
	return node.First(msg.Without("payload").With("error", value)), thrown
}

// Close clears the status.
func (n *Read) Close(bool) error {
	n.env.Status(node.Status{})
	return nil
}

var (
	_ node.Provisioner = (*Read)(nil)
	_ node.Planner     = (*Read)(nil)
	_ node.Closer      = (*Read)(nil)
)
