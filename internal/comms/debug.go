package comms

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// DebugTopic is the topic of what the debug sidebar shows.
const DebugTopic = "debug"

// Origin says where a debug entry or a log entry comes from.
type Origin struct {
	ID, Type, Name string
	Flow           string // the tab's id, "" for a global node
	Alias          string // id in the flow file, inside a subflow instance
	Path           string // tab/instance/…
}

// Debug is one entry of the debug sidebar, in the editor's shape.
type Debug struct {
	ID        string          `json:"id,omitempty"`
	Flow      string          `json:"z,omitempty"`
	Alias     string          `json:"_alias,omitempty"`
	Path      string          `json:"path,omitempty"`
	Type      string          `json:"type,omitempty"` // of log entries only
	Name      string          `json:"name,omitempty"`
	Topic     json.RawMessage `json:"topic,omitempty"`
	Property  string          `json:"property,omitempty"`
	Level     node.Level      `json:"level,omitempty"`
	Timestamp int64           `json:"timestamp,omitempty"` // ms, of log entries only
	Msg       string          `json:"msg"`
	Format    string          `json:"format"`
}

// DebugData makes the entry for what a debug node shows. limit is the length at
// which texts and lists are cut; 0 means Node-RED's 1,000.
func DebugData(from Origin, d node.Debug, limit int) Debug {
	entry := entryOf(from, d.Msg, limit)
	entry.Property, entry.Level = d.Property, d.Level
	if d.Topic != nil {
		entry.Topic = json.RawMessage((&encoder{limit: orDefault(limit)}).value(nil, d.Topic))
	}
	return entry
}

// LogData makes the entry for a warning or an error, which the sidebar shows too.
func LogData(from Origin, level node.Level, what message.Value, at time.Time, limit int) Debug {
	entry := entryOf(from, what, limit)
	entry.Type, entry.Level, entry.Timestamp = from.Type, level, at.UnixMilli()
	return entry
}

func entryOf(from Origin, v message.Value, limit int) Debug {
	text, format := Encode(v, limit)
	return Debug{
		ID: from.ID, Flow: from.Flow, Alias: from.Alias, Path: from.Path, Name: from.Name,
		Msg: text, Format: format,
	}
}

// defaultLimit is Node-RED's debugMaxLength.
const defaultLimit = 1_000

func orDefault(limit int) int {
	if limit <= 0 {
		return defaultLimit
	}
	return limit
}

// Encode gives a value as the debug sidebar reads it: a text, and the format
// that says how to read the text ("string[5]", "Object", "array[3]" …).
func Encode(v message.Value, limit int) (text, format string) {
	limit = orDefault(limit)
	switch v := v.(type) {
	case nil:
		return "(undefined)", "undefined"
	case message.Null:
		return "(undefined)", "null"
	case bool:
		return message.ToString(v), "boolean"
	case float64:
		return message.ToString(v), "number"
	case string:
		return cut(v, limit), fmt.Sprintf("string[%d]", units(v))
	case message.Buffer:
		return encodeBuffer(v, limit), fmt.Sprintf("buffer[%d]", len(v))
	case message.Date:
		return message.ToString(v), "Date"
	case *message.Array:
		return string((&encoder{limit: limit}).value(nil, v)), fmt.Sprintf("array[%d]", v.Len())
	case *message.Object:
		return string((&encoder{limit: limit}).value(nil, v)), objectFormat(v)
	default: // an http request or response
		return `{"__enc__":true,"type":"internal"}`, "Object"
	}
}

// encodeBuffer gives the bytes in hex, cut at limit digits.
func encodeBuffer(b message.Buffer, limit int) string {
	digits := hex.EncodeToString([]byte(b[:min(len(b), limit/2+1)]))
	return digits[:min(len(digits), limit)]
}

func objectFormat(o *message.Object) string {
	switch o.Class() {
	case "Error":
		return "error"
	case "Map":
		return "map"
	case "Set":
		return fmt.Sprintf("set[%d]", listOf(o, "values").Len())
	default:
		return "Object"
	}
}

func listOf(o *message.Object, property string) *message.Array {
	if list, ok := o.Get(property).(*message.Array); ok {
		return list
	}
	return message.NewArray()
}
