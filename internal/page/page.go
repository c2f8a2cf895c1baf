package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"sync"

	"toban/internal/auth"
	"toban/internal/locale"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

//go:embed frame.html
var frameText string

// Page is what the frame of a page shows.
type Page struct {
	Title string
	Lang  locale.Lang
	// Person is who has signed in, "" if nobody has; then there is no navigation.
	Person string
	// Section marks where one is: runs, questions, account or users.
	Section string
	// Open is the number of open questions, shown beside their section.
	Open int
	// Tag is the version of a page that its script fetches again while it is
	// shown, an ETag; "" if it has none.
	Tag string
	// Here is the page's own address, for the language switch.
	Here *url.URL
	// Scripts are names of our files, besides page.js, that the page loads.
	Scripts []string

	compressed bool // the reader takes gzip
}

// For begins the page of a request: who has signed in, and the reader's
// language. A language that the request chooses is remembered in a cookie.
func For(w http.ResponseWriter, r *http.Request, server locale.Lang) Page {
	return Page{Lang: language(w, r, server), Person: auth.PersonFrom(r.Context()).Name, Here: r.URL, compressed: TakesGzip(r)}
}

// policy lets a page load files of ours and send forms to us, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Template makes the body of a page: html/template's language with our
// functions. {{t "key" "name" value}} is a text of the catalogue. Further files
// may define parts. It panics if they don't parse.
func Template(texts ...string) *template.Template {
	t := template.New("body").Funcs(functions(locale.EN))
	for _, text := range texts {
		template.Must(t.Parse(text))
	}
	return t
}

// Write answers with a page whose body, made by Template, shows data. A body
// that fails leaves the answer unwritten and gives the error.
func Write(w http.ResponseWriter, status int, p Page, body *template.Template, data any) error {
	whole, err := compose(p, body, data)
	if err != nil {
		return err
	}
	send(w, status, p, whole)
	return nil
}

// compose puts the body into the frame.
func compose(p Page, body *template.Template, data any) ([]byte, error) {
	var content, whole bytes.Buffer
	if err := Render(&content, p.Lang, body, data); err != nil {
		return nil, err
	}
	view := struct {
		Page
		Body      template.HTML
		Languages []languageLink
	}{p, template.HTML(content.String()), languageLinks(p)} //nolint:gosec // html/template made it
	err := Render(&whole, p.Lang, frame, view)
	return whole.Bytes(), err
}

func send(w http.ResponseWriter, status int, p Page, whole []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Language", string(p.Lang))
	h.Set("Cache-Control", "no-store")
	if p.Tag != "" {
		h.Set("ETag", p.Tag)
	}
	if p.compressed {
		h.Set("Content-Encoding", "gzip")
		whole = zipped(whole)
	}
	w.WriteHeader(status)
	_, _ = w.Write(whole) // the reader may be gone
}

var frame = Template(frameText)

// Render shows data with a template of ours in a language.
func Render(to *bytes.Buffer, lang locale.Lang, body *template.Template, data any) error {
	spoken, err := inLanguage(body, lang)
	if err != nil {
		return err
	}
	return spoken.Execute(to, data)
}

// spoken are the templates as each language has them. A template can be given
// other functions only before it is executed, so the original never is.
var spoken sync.Map // of key to *template.Template

type key struct {
	body *template.Template
	lang locale.Lang
}

func inLanguage(body *template.Template, lang locale.Lang) (*template.Template, error) {
	k := key{body, lang}
	if known, ok := spoken.Load(k); ok {
		return known.(*template.Template), nil
	}
	clone, err := body.Clone()
	if err != nil {
		return nil, err
	}
	known, _ := spoken.LoadOrStore(k, clone.Funcs(functions(lang)))
	return known.(*template.Template), nil
}

func functions(lang locale.Lang) template.FuncMap {
	return template.FuncMap{
		"t":     lang.Text,
		"lang":  func() string { return string(lang) },
		"asset": assetPath,
	}
}
