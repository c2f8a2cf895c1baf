package server

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"

	"toban/internal/locale"
	"toban/internal/message"
)

// maxDepth bounds the nesting of a JSON body.
const maxDepth = 64

// readJSON reads a small JSON body into the struct that into points to; an
// empty body leaves it as it is.
func readJSON(r *http.Request, into any) error {
	data, err := io.ReadAll(r.Body)
	if err != nil || len(data) == 0 {
		return err
	}
	if depth(data) > maxDepth {
		return badBody(nil)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return badBody(err)
	}
	return nil
}

// readMessage reads a JSON object as a message; an empty body gives nil.
func readMessage(r *http.Request) (*message.Object, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	if depth(data) > maxDepth {
		return nil, badBody(nil)
	}
	v, err := message.ParseJSON(string(data))
	if err != nil {
		return nil, badBody(err)
	}
	obj, _ := v.(*message.Object)
	return obj, nil
}

func badBody(cause error) error {
	return fail(http.StatusBadRequest, "bad_request", locale.Errorf("server.bad_body").Because(cause))
}

// depth is how deep brackets nest outside of strings.
func depth(data []byte) (deepest int) {
	level, text := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}

// contentType is the media type of a request's body, without its parameters.
func contentType(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}
