package file

import (
	"context"
	"errors"

	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// The bounds of reading.
const (
	chunkSize = 64 << 10  // of a stream, as Node.js reads
	maxRead   = 256 << 20 // bytes; more would have to be kept in memory and in the journal
)

// Read is the file in node.
type Read struct {
	Filename     string `flow:"filename"`
	FilenameType string `flow:"filenameType"`
	Format       string `flow:"format"` // "utf8", "lines", "stream", "" for a Buffer
	Encoding     string `flow:"encoding" default:"none"`
	AllProps     bool   `flow:"allProps"`
	SendError    bool   `flow:"sendError" default:"true"`

	env  node.Env
	name name
}

// Provision reads how the file is named.
func (n *Read) Provision(env node.Env) (err error) {
	n.env = env
	n.name, err = compileName(n.Filename, n.FilenameType)
	return err
}

var blanks = strings.NewReplacer("\t", "", "\r", "", "\n", "")

// Plan reads the file outside the loop. Reading changes nothing, so it needs no
// reservation and is done in rehearsals, too.
func (n *Read) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	filename, err := n.name.of(n.env, msg)
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
	path := place(n.env, filename)
	return &node.Effect{
		Local: true, Safe: true,
		Preview: node.Preview{Action: n.env.Lang().Text("file.action.read"), Target: path},
		Perform: func(ctx context.Context, _ node.Key) (node.Outputs, error) {
			out, err := n.read(ctx, path, msg)
			if err != nil {
				return n.failed(msg, filename, err)
			}
			return node.First(out...), nil
		},
	}, nil
}

func (n *Read) read(ctx context.Context, path string, msg *message.Object) ([]*message.Object, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxRead+1))
	if err == nil && len(data) > maxRead {
		err = locale.Errorf("file.too_large", "path", path, "max", maxRead>>20)
	}
	if err != nil || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	switch n.Format {
	case "lines":
		return n.lines(data, msg)
	case "stream":
		return n.chunks(data, msg), nil
	case "utf8":
		decoded, err := decode(data, n.Encoding)
		return []*message.Object{msg.With("payload", decoded)}, err
	}
	return []*message.Object{msg.With("payload", message.Buffer(data))}, nil
}

func (n *Read) lines(data []byte, msg *message.Object) ([]*message.Object, error) {
	decoded, err := decode(data, n.Encoding)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(decoded, "\n")
	out := make([]*message.Object, len(lines))
	for i, line := range lines {
		out[i] = n.part(msg, line, i, len(lines), "\n", "string")
	}
	return out, nil
}

// chunks gives the file in pieces. One of a full size at the end is followed by
// an empty message, which has the count, as Node-RED does.
func (n *Read) chunks(data []byte, msg *message.Object) []*message.Object {
	var out []*message.Object
	count := len(data)/chunkSize + 1
	for piece := range slices.Chunk(data, chunkSize) {
		out = append(out, n.part(msg, message.Buffer(piece), len(out), count, "", "buffer"))
	}
	if len(data)%chunkSize == 0 {
		end := message.NewObject("parts", parts(msg, len(out), len(out), "", "buffer"))
		out = append(out, end)
	}
	return out
}

// part is one message of a sequence. Only the last tells the count.
func (n *Read) part(msg *message.Object, payload message.Value, index, count int, ch, typ string) *message.Object {
	m := msg
	if !n.AllProps {
		m = message.NewObject("topic", msg.Get("topic"), "filename", msg.Get("filename"))
	}
	known := -1
	if index == count-1 {
		known = count
	}
	return m.With("payload", payload).With("parts", parts(msg, index, known, ch, typ))
}

func parts(msg *message.Object, index, count int, ch, typ string) *message.Object {
	b := message.NewBuilder(5)
	b.Set("index", float64(index))
	if count >= 0 {
		b.Set("count", float64(count))
	}
	b.Set("ch", ch)
	b.Set("type", typ)
	b.Set("id", msg.Get("_msgid"))
	return b.Object()
}

// failed makes the error a value with Node.js's code, and the message that the
// node sends in its place unless it is set not to.
func (n *Read) failed(msg *message.Object, filename string, err error) (node.Outputs, error) {
	cause := err
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		cause = pathErr.Err
	}
	value := message.NewError("Error", n.env.Lang().Text("file.read_failed",
		"node", n.env.Label(), "file", filename, "cause", n.env.Lang().Err(cause)), "")
	if code := errorCode(err); code != "" {
		value = value.With("code", code)
	}
	thrown := node.Thrown{Value: value}
	if !n.SendError {
		return nil, thrown
	}
	return node.First(msg.Without("payload").With("error", value)), thrown
}

// errorCode is Node.js's name for a system error.
func errorCode(err error) string {
	for code, target := range map[string]error{
		"ENOENT": fs.ErrNotExist, "EACCES": fs.ErrPermission, "EISDIR": syscall.EISDIR, "ENOTDIR": syscall.ENOTDIR,
	} {
		if errors.Is(err, target) {
			return code
		}
	}
	return ""
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
