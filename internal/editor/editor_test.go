package editor_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"toban/internal/editor"
)

const script = "console.log('a script that is worth its compression')"

// build is a build of two files, one of them compressed.
func build(t *testing.T) *editor.Assets {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, script); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return editor.New(fstest.MapFS{
		"manifest.json": {Data: []byte(`{"version":"v1","languages":["de","en-US","ja","pt-BR"],"types":["inject"],"files":{
			"red/a.js":{"etag":"aa","type":"text/javascript","size":53,"gzip":true},
			"toban/b.png":{"etag":"bb","type":"image/png","size":3}}}`)},
		"files/aa": {Data: packed.Bytes()},
		"files/bb": {Data: []byte("png")},
	})
}

func get(t *testing.T, a *editor.Assets, url string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	r.Header = header
	w := httptest.NewRecorder()
	found, err := a.Serve(w, r, editor.Static(r))
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		w.WriteHeader(http.StatusNotFound)
	}
	return w.Result()
}

// TestFiles: a browser gets a file compressed if it can read that, keeps what it
// asked for by version, and is spared what it has.
func TestFiles(t *testing.T) {
	a := build(t)
	for name, tc := range map[string]struct {
		url      string
		header   http.Header
		status   int
		encoding string
		cache    string
		body     string
	}{
		"compressed":     {"/red/a.js?v=v1", http.Header{"Accept-Encoding": {"br, gzip"}}, 200, "gzip", "private, max-age=31536000, immutable", script},
		"plain":          {"/red/a.js", nil, 200, "", "private, no-cache", script},
		"gzip refused":   {"/red/a.js?v=old", http.Header{"Accept-Encoding": {"gzip; q=0"}}, 200, "", "private, no-cache", script},
		"stored as is":   {"/toban/b.png", http.Header{"Accept-Encoding": {"gzip"}}, 200, "", "private, no-cache", "png"},
		"known already":  {"/red/a.js?v=v1", http.Header{"If-None-Match": {`"aa"`}}, 304, "", "private, max-age=31536000, immutable", ""},
		"changed since":  {"/red/a.js", http.Header{"If-None-Match": {`"zz"`}}, 200, "", "private, no-cache", script},
		"not there":      {"/red/c.js", nil, 404, "", "", ""},
		"not a file":     {"/manifest.json", nil, 404, "", "", ""},
		"out of the way": {"/red/../files/aa", nil, 404, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			resp := get(t, a, tc.url, tc.header)
			defer resp.Body.Close()
			if resp.StatusCode != tc.status || resp.Header.Get("Content-Encoding") != tc.encoding || resp.Header.Get("Cache-Control") != tc.cache {
				t.Errorf("%d, %v", resp.StatusCode, resp.Header)
			}
			var body io.Reader = resp.Body
			if tc.encoding == "gzip" {
				var err error
				if body, err = gzip.NewReader(resp.Body); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := io.ReadAll(body); err != nil || string(got) != tc.body {
				t.Errorf("body %q, %v", got, err)
			}
		})
	}
}

// TestLanguage: forms come in the reader's language, or in English.
func TestLanguage(t *testing.T) {
	a := build(t)
	for tags, want := range map[string]string{
		"ja": "ja", "ja-JP,ja;q=0.9": "ja", "en-GB": "en-US", "en": "en-US", "pt": "pt-BR", "pt-PT": "pt-BR",
		"it, de;q=0.5": "de", "": "en-US", "it": "en-US", "../x": "en-US", ",;,": "en-US",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/nodes", nil)
		r.Header = http.Header{"Accept": {"text/html"}, "Accept-Language": {tags}}
		if got := a.Nodes(r); got != "nodes/"+want+".html" {
			t.Errorf("%q: %s", tags, got)
		}
	}
}

// TestNotBuilt: a binary without the editor says how to build it.
func TestNotBuilt(t *testing.T) {
	a := editor.New(fstest.MapFS{"README.md": {}})
	if a.Built() != editor.ErrNotBuilt || a.Types() != nil {
		t.Errorf("%v, %v", a.Built(), a.Types())
	}
}
