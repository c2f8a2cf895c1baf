package page

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/auth"
	"toban/internal/locale"
)

var greeting = Template(`<h1>{{t "page.runs"}}</h1><p title="{{.}}">{{template "who" .}}</p>`, `{{define "who"}}{{.}}{{end}}`)

// A page speaks the reader's language, lets nothing of its data become markup,
// and has the headers that keep it from harm.
func TestPage(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	for _, lang := range []locale.Lang{locale.JA, locale.EN} {
		w := httptest.NewRecorder()
		p := Page{Title: evil, Lang: lang, Person: evil, Section: "runs", Open: 3}
		if err := Write(w, 418, p, greeting, evil); err != nil {
			t.Fatal(err)
		}
		got := w.Body.String()
		for _, want := range []string{`<html lang="` + string(lang) + `">`, "<h1>" + lang.Text("page.runs") + "</h1>",
			`<a href="/runs" aria-current="page">`, `class="count"><span>3</span>`, `action="/auth/logout"`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s:\n%s", lang, want, got)
			}
		}
		if strings.Contains(got, "<script>alert") {
			t.Errorf("%s: data became markup", lang)
		}
		h := w.Header()
		if w.Code != 418 || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%d, headers %v", w.Code, h)
		}
	}
}

// Nobody has signed in: no navigation, but the languages.
func TestPageOfNobody(t *testing.T) {
	w := httptest.NewRecorder()
	if err := Write(w, 200, Page{Lang: locale.EN}, greeting, ""); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); strings.Contains(got, "<nav") || strings.Contains(got, "/auth/logout") || !strings.Contains(got, `href="?lang=ja"`) {
		t.Error(got)
	}
}

// A failing body leaves the answer to whoever handles the error.
func TestFailingBody(t *testing.T) {
	w := httptest.NewRecorder()
	if err := Write(w, 200, Page{Lang: locale.EN}, Template(`{{index . 7}}`), []int{1}); err == nil || w.Body.Len() > 0 {
		t.Errorf("%v: %s", err, w.Body)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		name, path, cookie, accept string
		server, want               locale.Lang
		remembered                 bool
	}{
		{"asked for", "/runs?lang=ja", "en", "en", locale.EN, locale.JA, true},
		{"chosen before", "/runs", "ja", "en", locale.EN, locale.JA, false},
		{"the browser's", "/runs", "", "ja-JP,en;q=0.5", locale.EN, locale.JA, false},
		{"the server's", "/runs", "", "", locale.JA, locale.JA, false},
		{"an unknown one", "/runs?lang=xx", "yy", "", locale.Keys, locale.EN, false},
	} {
		r := httptest.NewRequestWithContext(auth.With(t.Context(), auth.Person{Name: "hana"}), "GET", c.path, nil)
		if c.cookie != "" {
			r.Header.Set("Cookie", languageCookie+"="+c.cookie)
		}
		if c.accept != "" {
			r.Header.Set("Accept-Language", c.accept)
		}
		w := httptest.NewRecorder()
		p := For(w, r, c.server)
		if p.Lang != c.want || p.Person != "hana" || (w.Header().Get("Set-Cookie") != "") != c.remembered {
			t.Errorf("%s: %+v, %v", c.name, p, w.Header())
		}
	}
}

// The language switch keeps what the address says otherwise.
func TestLanguageLinks(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/runs?status=failed&lang=en", nil)
	links := languageLinks(For(httptest.NewRecorder(), r, locale.EN))
	if len(links) != 2 || links[0].To != "/runs?lang=ja&status=failed" || !links[1].Current {
		t.Errorf("%+v", links)
	}
}

// Files are kept by browsers under the address that has their version, and
// asked for again under any other.
func TestFiles(t *testing.T) {
	get := func(path, name, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		if !ServeFile(w, r, name) {
			w.Code = 404
		}
		return w
	}
	first := get(assetPath("page.css"), "page.css", "")
	if first.Code != 200 || !strings.Contains(first.Header().Get("Cache-Control"), "immutable") || first.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %v", first.Code, first.Header())
	}
	if again := get("/console/page.css", "page.css", first.Header().Get("ETag")); again.Code != 304 || again.Body.Len() > 0 || strings.Contains(again.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", again.Code, again.Header())
	}
	for _, name := range []string{"", "nothing.css", "../page.go", "static"} {
		if w := get("/console/x", name, ""); w.Code != 404 {
			t.Errorf("%q: %d", name, w.Code)
		}
	}
}

// A page is sent compressed to who takes that, and is the same.
func TestCompressed(t *testing.T) {
	for accept, want := range map[string]bool{"gzip, deflate, br": true, "br;q=1.0, gzip;q=0.8": true, "": false, "deflate": false, "gzip;q=0": false, "x-gzip": false} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/runs", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		text := strings.Repeat("the same again ", 1000)
		if err := Write(w, 200, For(w, r, locale.EN), greeting, text); err != nil {
			t.Fatal(err)
		}
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%q: compressed %t", accept, got)
			continue
		}
		body := io.Reader(w.Body)
		if want {
			if w.Body.Len() > len(text)/5 {
				t.Errorf("%d bytes of %d", w.Body.Len(), len(text))
			}
			unzipped, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = unzipped
		}
		if whole, err := io.ReadAll(body); err != nil || !strings.Contains(string(whole), text) {
			t.Errorf("%q: %v, %.200s", accept, err, whole)
		}
	}
}
