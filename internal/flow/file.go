package flow

import (
	"crypto/sha256"
	"encoding/hex"

	"toban/internal/locale"
	"toban/internal/message"
)

// The bounds of a flow file. A file beyond them is refused, not cut.
const (
	MaxSize  = 32 << 20 // bytes
	MaxDepth = 100      // levels of nesting
	MaxNodes = 50_000   // nodes in the file, and nodes once subflow instances are expanded
)

// File is a flow file, kept as it was read.
type File struct {
	Nodes []*message.Object
	// Rev is the revision that the file is based on, if it came as a body of the
	// admin API's version 2; "" otherwise.
	Rev string
	// Credentials are those of a version 2 body, by node id; nil if it had none.
	Credentials map[string]*message.Object
}

// Parse reads a flow file: the array that Node-RED and FrontOps export, or a
// body {"flows": […], "rev": "…"} of the admin API's version 2. The error says
// where the text stops being one.
func Parse(data []byte) (*File, error) {
	if len(data) > MaxSize {
		return nil, locale.Errorf("flow.too_large", "size", len(data), "max", MaxSize)
	}
	v, err := decode(data)
	if err != nil {
		return nil, err
	}
	f := &File{}
	if body, ok := v.(*message.Object); ok {
		f.Rev = body.Text("rev")
		f.Credentials = readCredentials(body.Get("credentials"))
		v = body.Get("flows")
	}
	list, ok := v.(*message.Array)
	if !ok {
		return nil, locale.Errorf("flow.not_array")
	}
	if list.Len() > MaxNodes {
		return nil, locale.Errorf("flow.too_many", "count", list.Len(), "max", MaxNodes)
	}
	for i, item := range list.All() {
		node, ok := item.(*message.Object)
		if !ok {
			return nil, locale.Errorf("flow.not_node", "index", i)
		}
		f.Nodes = append(f.Nodes, node)
	}
	return f, nil
}

func readCredentials(v message.Value) map[string]*message.Object {
	all, ok := v.(*message.Object)
	if !ok {
		return nil
	}
	found := map[string]*message.Object{}
	for id, creds := range all.All() {
		if creds, ok := creds.(*message.Object); ok {
			found[id] = creds
		}
	}
	return found
}

// JSON is the file's array as JSON.stringify writes it.
func (f *File) JSON() []byte { return message.AppendJSON(nil, f.array()) }

// Pretty is the same with four spaces of indentation, for people and for git.
func (f *File) Pretty() []byte {
	text, _ := message.Stringify(f.array(), 4)
	return append([]byte(text), '\n')
}

func (f *File) array() *message.Array {
	items := make([]message.Value, len(f.Nodes))
	for i, n := range f.Nodes {
		items[i] = n
	}
	return message.NewArray(items...)
}

// Revision is the file's hash, as the admin API's version 2 gives it.
func (f *File) Revision() string {
	sum := sha256.Sum256(f.JSON())
	return hex.EncodeToString(sum[:])
}

// SplitCredentials gives the file without the credentials that an editor sends
// inside node objects, and these credentials by node id. Those of a version 2
// body are left out, too; File.Credentials has them.
func (f *File) SplitCredentials() (*File, map[string]*message.Object) {
	clean := &File{Nodes: make([]*message.Object, len(f.Nodes)), Rev: f.Rev}
	found := map[string]*message.Object{}
	for i, n := range f.Nodes {
		v, ok := n.Lookup("credentials")
		if creds, isObject := v.(*message.Object); isObject {
			found[n.Text("id")] = creds
		}
		if ok {
			n = n.Without("credentials")
		}
		clean.Nodes[i] = n
	}
	return clean, found
}
