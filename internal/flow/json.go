package flow

import (
	"bytes"
	"errors"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// decode reads JSON within the bounds of a flow file. Its error names the line
// and column, for a person who looks at the text in an editor.
func decode(data []byte) (message.Value, error) {
	text := string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	v, err := message.ParseJSON(text)
	if err != nil {
		if locale.HasKey(err, "message.json.deep") {
			return nil, locale.Errorf("flow.too_deep", "max", MaxDepth)
		}
		before := text[:errorOffset(err, len(text))]
		line := strings.Count(before, "\n") + 1
		column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
		return nil, locale.Errorf("flow.not_json", "line", line, "column", column).Because(err)
	}
	if deeper(v, MaxDepth) {
		return nil, locale.Errorf("flow.too_deep", "max", MaxDepth)
	}
	return v, nil
}

// errorOffset finds the byte at which the JSON parser stopped; the end if it doesn't say.
func errorOffset(err error, end int) int {
	e, ok := errors.AsType[*locale.Error](err)
	if !ok {
		return end
	}
	for i := 0; i+1 < len(e.Pairs); i += 2 {
		if at, isInt := e.Pairs[i+1].(int); isInt && e.Pairs[i] == "at" {
			return min(at, end)
		}
	}
	return end
}

func deeper(v message.Value, levels int) bool {
	switch v := v.(type) {
	case *message.Array:
		for _, item := range v.All() {
			if levels == 0 || deeper(item, levels-1) {
				return true
			}
		}
	case *message.Object:
		for _, item := range v.All() {
			if levels == 0 || deeper(item, levels-1) {
				return true
			}
		}
	}
	return false
}
