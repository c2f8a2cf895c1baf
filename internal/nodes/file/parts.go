package file

import (
	"slices"
	"strings"

	"toban/internal/message"
)

// chunkSize is how much of a stream stands in one message, as Node.js reads.
const chunkSize = 64 << 10

// lines gives a message per line; what follows the last newline is one, too.
func (n *Read) lines(data []byte, msg *message.Object) ([]*message.Object, error) {
	text, err := n.codec.decode(data)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(text, "\n")
	out := make([]*message.Object, len(lines))
	for i, line := range lines {
		out[i] = n.part(msg, line, i, len(lines), "\n", "string")
	}
	return out, nil
}

// chunks gives the file in pieces. One of a full size at the end is followed by
// a message without payload, which has the count, as in Node-RED. An empty file
// gives none.
func (n *Read) chunks(data []byte, msg *message.Object) []*message.Object {
	var out []*message.Object
	count := len(data)/chunkSize + 1
	for piece := range slices.Chunk(data, chunkSize) {
		out = append(out, n.part(msg, message.Buffer(piece), len(out), count, "", "buffer"))
	}
	if len(data) > 0 && len(data)%chunkSize == 0 {
		out = append(out, message.NewObject("parts", parts(msg, len(out), len(out), "", "buffer")))
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
