package file

import (
	"runtime"
	"strings"

	"toban/internal/message"
)

var newline = map[bool]string{true: "\r\n", false: "\n"}[runtime.GOOS == "windows"]

// content gives what is written for a payload, and as text for people: a Buffer
// as it is, else its text in the encoding. Objects and arrays are written as JSON.
func (n *Write) content(msg *message.Object, payload message.Value) (data []byte, text string, err error) {
	switch v := payload.(type) {
	case message.Buffer:
		return []byte(v), strings.ToValidUTF8(string(v), "\uFFFD"), nil
	case *message.Object, *message.Array, message.Null, message.Date:
		text, _ = message.Stringify(v, 0)
	default:
		text = message.ToString(v)
	}
	if n.AppendNewline && !lastPart(msg) {
		text += newline
	}
	codec := n.codec
	if codec == nil {
		if codec, err = charset(msg.Text("encoding")); err != nil {
			return nil, "", err
		}
	}
	data, err = codec.encode(text)
	return data, text, err
}

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
