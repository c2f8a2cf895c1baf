package httpin

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"toban/internal/locale"
	"toban/internal/message"
)

// statusOf gives the status for an error of readBody.
func statusOf(err error) int {
	switch {
	case locale.HasKey(err, "httpin.too_long"):
		return http.StatusRequestEntityTooLarge
	case locale.HasKey(err, "httpin.bad_encoding"):
		return http.StatusUnsupportedMediaType
	}
	return http.StatusBadRequest
}

// readBody reads and parses the body by its content type: JSON and urlencoded
// become values, text a string, other things a Buffer. A get has none.
func (n *In) readBody(w http.ResponseWriter, r *http.Request) (message.Value, error) {
	if n.Method == "get" {
		return nil, nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		mediaType = ""
	}
	structured := mediaType == "application/json" || mediaType == "application/x-www-form-urlencoded"
	data, err := n.readAll(w, r, structured && !n.RawBody)
	if err != nil {
		return nil, err
	}
	if n.RawBody {
		return message.Buffer(data), nil
	}
	hasBody := r.ContentLength != 0 || r.Header.Get("Content-Length") != ""
	switch {
	case mediaType == "application/json" && hasBody:
		return parseJSON(data)
	case mediaType == "application/x-www-form-urlencoded" && hasBody:
		return parseForm(data)
	}
	return plainBody(mediaType, data), nil
}

// readAll reads the body up to the limit, which holds for the inflated body too.
func (n *In) readAll(w http.ResponseWriter, r *http.Request, inflate bool) (string, error) {
	var body io.Reader = http.MaxBytesReader(w, r.Body, n.limit)
	if inflate {
		var err error
		if body, err = inflated(body, r.Header.Get("Content-Encoding")); err != nil {
			return "", err
		}
	}
	data, err := io.ReadAll(io.LimitReader(body, n.limit+1))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong || int64(len(data)) > n.limit {
		return "", locale.Errorf("httpin.too_long", "path", r.URL.Path, "limit", n.limit)
	}
	if err != nil {
		return "", locale.Errorf("httpin.bad_body", "path", r.URL.Path).Because(err)
	}
	return string(data), nil
}

func inflated(body io.Reader, encoding string) (io.Reader, error) {
	var err error
	switch strings.ToLower(encoding) {
	case "", "identity":
	case "gzip":
		body, err = gzip.NewReader(body)
	case "deflate":
		body, err = zlib.NewReader(body)
	default:
		return nil, locale.Errorf("httpin.bad_encoding", "encoding", encoding)
	}
	if err != nil {
		return nil, locale.Errorf("httpin.bad_encoding", "encoding", encoding).Because(err)
	}
	return body, nil
}

// parseJSON takes objects and arrays only, as Express does; an empty body is {}.
func parseJSON(data string) (message.Value, error) {
	if strings.TrimSpace(data) == "" {
		return message.NewObject(), nil
	}
	v, err := message.ParseJSON(strings.ToValidUTF8(data, "\uFFFD"))
	if err != nil {
		return nil, locale.Errorf("httpin.bad_json").Because(err)
	}
	switch v.(type) {
	case *message.Object, *message.Array:
		return v, nil
	}
	return nil, locale.Errorf("httpin.bad_json").Because(errors.New("{} or [] expected"))
}

func parseForm(data string) (message.Value, error) {
	if strings.Count(data, "&") >= maxParameters {
		return nil, locale.Errorf("httpin.too_many_parameters", "limit", maxParameters)
	}
	return parseQuery(data, maxParameters), nil
}

// plainBody gives a string where the type says text, or application/… whose
// bytes are text, else a Buffer.
func plainBody(mediaType, data string) message.Value {
	kind, sub, _ := strings.Cut(mediaType, "/")
	switch {
	case kind == "" || kind == "text" || sub == "xml" || strings.HasSuffix(sub, "+xml"):
		return strings.ToValidUTF8(data, "\uFFFD")
	case kind != "application" || sub == "octet-stream" || sub == "cbor" || sub == "x-protobuf":
		return message.Buffer(data)
	case utf8.ValidString(data):
		return data
	}
	return message.Buffer(data)
}
