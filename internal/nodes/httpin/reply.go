package httpin

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"toban/internal/locale"
	"toban/internal/message"
)

// reply is an answer for a client.
type reply struct {
	status int
	header http.Header
	body   string
}

// hashHeader marks headers that an http request node received. Node-RED leaves
// such headers out, so that an answer from elsewhere isn't passed on as our own.
const hashHeader = "x-node-red-request-node"

// setHeaders sets the node's headers, then those of the message that the node doesn't have.
func (r *reply) setHeaders(own, more message.Value) error {
	if err := r.addHeaders(own, nil); err != nil {
		return err
	}
	o, _ := more.(*message.Object)
	if o != nil && o.Get(hashHeader) != nil {
		return nil
	}
	mine, _ := own.(*message.Object)
	return r.addHeaders(more, mine)
}

func (r *reply) addHeaders(v message.Value, except *message.Object) error {
	o, ok := v.(*message.Object)
	if !ok {
		return nil
	}
	for name, v := range o.All() {
		if _, taken := except.Lookup(name); taken {
			continue
		}
		if err := r.addHeader(name, v); err != nil {
			return err
		}
	}
	return nil
}

func (r *reply) addHeader(name string, v message.Value) error {
	values := []message.Value{v}
	if list, ok := v.(*message.Array); ok {
		values = values[:0]
		for _, item := range list.All() {
			values = append(values, item)
		}
	}
	key := http.CanonicalHeaderKey(name)
	if key == "Content-Length" || key == "Transfer-Encoding" {
		return nil // they follow from the body
	}
	delete(r.header, key)
	for _, item := range values {
		text := message.ToString(item)
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(text) {
			return locale.Errorf("httpin.bad_header", "header", fmt.Sprintf("%.80q", name))
		}
		r.header[key] = append(r.header[key], text)
	}
	return nil
}

// setBody takes the payload: objects, arrays and booleans as JSON, Buffers as
// they are, the rest as text.
func (r *reply) setBody(payload message.Value) {
	switch v := payload.(type) {
	case nil:
	case message.Buffer:
		r.body = string(v)
		r.defaultType("application/octet-stream")
	case string:
		r.body = v
		r.textType()
	case float64:
		r.body = message.ToString(v)
		r.textType()
	default:
		r.body = string(message.AppendJSON(nil, v))
		r.defaultType("application/json; charset=utf-8")
	}
}

func (r *reply) defaultType(mediaType string) {
	if r.header.Get("Content-Type") == "" {
		r.header.Set("Content-Type", mediaType)
	}
}

// textType says which charset a text is in, whatever type it has.
func (r *reply) textType() {
	r.defaultType("text/html")
	mediaType, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil {
		return
	}
	params["charset"] = "utf-8"
	if text := mime.FormatMediaType(mediaType, params); text != "" {
		r.header.Set("Content-Type", text)
	}
}

// preview is the first line and the beginning of the body.
func (r *reply) preview() string {
	const most = 2000
	body := r.body
	if len(body) > most {
		body = strings.ToValidUTF8(body[:most], "") + "…"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s\n%s", r.status, http.StatusText(r.status), body))
}

// write sends the answer. Failing to is the client's own doing: it has hung up.
func (r *reply) write(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	for name, values := range r.header {
		h[name] = values
	}
	if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		h.Del("Content-Type")
		w.WriteHeader(r.status)
		return
	}
	h.Set("Content-Length", fmt.Sprint(len(r.body)))
	w.WriteHeader(r.status)
	if req.Method != http.MethodHead {
		_, _ = io.WriteString(w, r.body)
	}
}
