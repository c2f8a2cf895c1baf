package httpin

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"toban/internal/message"
)

// FuzzQuery: whatever a client sends becomes bounded data that is valid JSON.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "a=1&a=2", "a[b][c]=1&a[]=2", "a[20]=x&a[21]=y", "a[b][c][d][e][f][g]=1",
		"__proto__[x]=1&a[__proto__]=2", "%zz=%ff&+=+", "a[=1&]=2&[x]=3", "a=1&a[b]=2&a[]=3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		o := parseQuery(raw, maxParameters)
		text := string(message.AppendJSON(nil, o))
		if _, err := message.ParseJSON(text); err != nil || !utf8.ValidString(text) {
			t.Errorf("%q gives %q: %v", raw, text, err)
		}
		if _, ok := o.Lookup("__proto__"); ok {
			t.Errorf("%q sets __proto__", raw)
		}
		if d := depth(o); d > maxNesting+2 {
			t.Errorf("%q is nested %d deep", raw, d)
		}
	})
}

func depth(v message.Value) int {
	deepest := 0
	switch v := v.(type) {
	case *message.Object:
		for _, inner := range v.All() {
			deepest = max(deepest, depth(inner)+1)
		}
	case *message.Array:
		for _, inner := range v.All() {
			deepest = max(deepest, depth(inner)+1)
		}
	}
	return deepest
}

// FuzzPattern: a match gives only the names that the pattern has.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{{"/a/:name", "/a/b"}, {`/a/:id(\d+)`, "/a/12"}, {"/a/:b?", "/a/"}, {"*", "/x/y"},
		{"/:a+", "/a/b/c"}, {"/:a(", "/"}, {"/(a|b)", "/b"}, {"/:a/:a", "/1/2"}, {"/%zz", "/%zz"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		p, err := ParsePattern(pattern)
		if err != nil {
			return
		}
		params, matches, _ := p.Match(path)
		if !matches && len(params) > 0 {
			t.Errorf("%q doesn't match %q, but gives %v", pattern, path, params)
		}
		for name := range params {
			if !slices.Contains(p.Names(), name) {
				t.Errorf("%q has no name %q", pattern, name)
			}
		}
	})
}

// FuzzBody: a body is read within the limit, or refused with a status of its own.
func FuzzBody(f *testing.F) {
	for _, seed := range [][3]string{{"application/json", "", `{"a":[1]}`}, {"application/json", "gzip", "\x1f\x8b"},
		{"application/x-www-form-urlencoded", "", "a[b]=1&c=%ff"}, {"text/plain; charset=x", "", "\xff"},
		{"application/octet-stream", "br", "x"}, {"", "", "x"}, {"application/json", "deflate", "x\x9c\x03\x00"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, contentType, encoding, body string) {
		const limit = 1000
		n := &In{Method: "post", limit: limit}
		r := httptest.NewRequest("POST", "/x", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Content-Encoding", encoding)
		v, err := n.readBody(httptest.NewRecorder(), r)
		if err != nil {
			if status := statusOf(err); status < 400 || status > 499 {
				t.Errorf("status %d for %v", status, err)
			}
			return
		}
		if len(body) > limit {
			t.Errorf("%d bytes were read, the limit is %d", len(body), limit)
		}
		if s, ok := v.(string); ok && !utf8.ValidString(s) {
			t.Errorf("%q isn't valid text", s)
		}
	})
}
