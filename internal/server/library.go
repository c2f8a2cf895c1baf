package server

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"toban/examples"
	"toban/internal/library"
	"toban/internal/locale"
	"toban/internal/message"
)

// libraryRoutes are for flows, functions and templates that people save, and for
// the examples.
func (s *Server) libraryRoutes() []route {
	return []route{
		{pattern: "GET /library/local/{type}", handler: s.getLibrary, access: view},
		{pattern: "GET /library/local/{type}/{path...}", handler: s.getLibrary, access: view},
		{pattern: "POST /library/local/{type}/{path...}", handler: s.postLibrary, access: edit, body: 2 * library.MaxEntry},
		{pattern: "GET /library/examples/flows", handler: s.getExamples, access: view},
		{pattern: "GET /library/examples/flows/{path...}", handler: s.getExamples, access: view},
	}
}

// libraries are the places that the editor's dialogs offer. The labels are keys
// of the editor's own catalogue.
func libraries() []map[string]any {
	return []map[string]any{
		{"id": "local", "label": "editor:library.types.local", "user": false, "icon": "font-awesome/fa-hdd-o"},
		{"id": "examples", "label": "editor:library.types.examples", "user": false, "icon": "font-awesome/fa-life-ring",
			"types": []string{"flows"}, "readOnly": true},
	}
}

// getLibrary gives a folder as a list, or an entry's text (GET /library/local/:type/path).
func (s *Server) getLibrary(w http.ResponseWriter, r *http.Request) error {
	typ := r.PathValue("type")
	entry, err := s.cfg.Library.Get(typ, r.PathValue("path"))
	if err != nil {
		return libraryFailure(r, err)
	}
	if entry.Folder {
		return replyItems(w, entry.Items)
	}
	return replyEntry(w, typ, entry.Text)
}

// replyItems writes a folder as the editor reads it: texts are folders.
func replyItems(w http.ResponseWriter, items []library.Item) error {
	list := make([]message.Value, len(items))
	for i, item := range items {
		if item.Folder {
			list[i] = item.Name
			continue
		}
		b := message.NewBuilder(len(item.Properties) + 1)
		for _, p := range item.Properties {
			b.Set(p.Name, p.Value)
		}
		b.Set("fn", item.Name)
		list[i] = b.Object()
	}
	return replyValue(w, message.NewArray(list...))
}

func replyEntry(w http.ResponseWriter, typ, text string) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if typ == "flows" {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, text) // the client may be gone
	return nil
}

// postLibrary saves an entry (POST /library/local/:type/path): the body is the
// flow itself, else an object with the text and its properties.
func (s *Server) postLibrary(w http.ResponseWriter, r *http.Request) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if depth(data) > maxDepth {
		return badBody(nil)
	}
	v, err := message.ParseJSON(string(data))
	if err != nil {
		return badBody(err)
	}
	typ := r.PathValue("type")
	properties, text := entryOf(v)
	if typ == "flows" {
		text = string(data)
	}
	if err := s.cfg.Library.Save(typ, r.PathValue("path"), properties, text); err != nil {
		return libraryFailure(r, err)
	}
	return reply(w, http.StatusNoContent, nil)
}

func entryOf(v message.Value) (properties []library.Property, text string) {
	sent, ok := v.(*message.Object)
	if !ok {
		return nil, ""
	}
	for name, v := range sent.All() {
		switch {
		case name == "text":
			text = message.ToString(v)
		case !message.IsNullish(v):
			properties = append(properties, library.Property{Name: name, Value: message.ToString(v)})
		}
	}
	return properties, text
}

func libraryFailure(r *http.Request, err error) error {
	switch {
	case errors.Is(err, library.ErrNotFound):
		return notFound(r.PathValue("type") + "/" + r.PathValue("path"))
	case locale.HasKey(err, "library.write"):
		return err
	}
	return fail(http.StatusBadRequest, "bad_request", err)
}

// examplesFolder is the one folder of the examples.
const examplesFolder = "Toban"

// getExamples gives the example flows (GET /library/examples/flows/path).
func (s *Server) getExamples(w http.ResponseWriter, r *http.Request) error {
	at := strings.Trim(r.PathValue("path"), "/")
	folder, name, _ := strings.Cut(at, "/")
	switch {
	case at == "":
		return replyItems(w, []library.Item{{Name: examplesFolder, Folder: true}})
	case folder != examplesFolder:
		return notFound(at)
	case name != "":
		text, err := examples.Files.ReadFile(name + ".json")
		if err != nil {
			return notFound(at)
		}
		return replyEntry(w, "flows", string(text))
	}
	files, err := examples.Files.ReadDir(".")
	if err != nil {
		return err
	}
	var items []library.Item
	for _, f := range files {
		items = append(items, library.Item{Name: strings.TrimSuffix(f.Name(), ".json")})
	}
	return replyItems(w, items)
}
