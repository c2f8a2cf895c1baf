package httpin

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"toban/internal/message"
)

// message makes the message of a request.
func (n *In) message(r *http.Request, body message.Value, x *exchange) *message.Object {
	req := n.request(r, body)
	b := message.NewBuilder(4)
	b.Set("_msgid", message.NewID())
	b.Set("req", req)
	b.Set("res", &message.Handle{Class: "ServerResponse", Ref: x})
	if n.Method == "get" {
		b.Set("payload", req.Get("query"))
	} else {
		b.Set("payload", body)
	}
	return b.Object()
}

// request is msg.req: the parts of Express's request that are plain values.
func (n *In) request(r *http.Request, body message.Value) *message.Object {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	hostname := r.Host
	if h, _, err := net.SplitHostPort(r.Host); err == nil {
		hostname = h
	}
	protocol := "http"
	if r.TLS != nil {
		protocol = "https"
	}
	uri := r.RequestURI
	if uri == "" {
		uri = r.URL.RequestURI()
	}
	return message.NewObject(
		"method", r.Method,
		"url", uri,
		"originalUrl", uri,
		"path", r.URL.Path,
		"query", parseQuery(r.URL.RawQuery, maxParameters),
		"params", n.params(r),
		"headers", headers(r),
		"cookies", cookies(r),
		"body", body,
		"ip", ip,
		"hostname", hostname,
		"protocol", protocol,
		"secure", protocol == "https",
		"httpVersion", strings.TrimPrefix(r.Proto, "HTTP/"),
		"xhr", strings.EqualFold(r.Header.Get("X-Requested-With"), "XMLHttpRequest"),
	)
}

func (n *In) params(r *http.Request) *message.Object {
	b := message.NewBuilder(len(n.pattern.names))
	for _, name := range n.pattern.names {
		if v := r.PathValue(name); v != "" {
			b.Set(name, v)
		} else {
			b.Set(name, nil)
		}
	}
	return b.Object()
}

// headers are lower-case, repeated ones joined, as Node.js has them.
func headers(r *http.Request) *message.Object {
	b := message.NewBuilder(len(r.Header) + 1)
	b.Set("host", r.Host)
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		separator := ", "
		if name == "Cookie" {
			separator = "; "
		}
		b.Set(strings.ToLower(name), strings.ToValidUTF8(strings.Join(r.Header[name], separator), "\uFFFD"))
	}
	return b.Object()
}

func cookies(r *http.Request) *message.Object {
	b := message.NewBuilder(0)
	seen := map[string]bool{}
	for _, c := range r.Cookies() {
		if seen[c.Name] {
			continue // the first one counts
		}
		seen[c.Name] = true
		v := c.Value
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
		b.Set(c.Name, strings.ToValidUTF8(v, "\uFFFD"))
	}
	return b.Object()
}
