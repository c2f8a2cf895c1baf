package editor

import (
	"encoding/json"
	"errors"
	"io/fs"
	"sync"
)

// ErrNotBuilt says that the binary was built without the editor.
var ErrNotBuilt = errors.New("the editor is not built in: make assets")

// manifest is what web/build writes about its files.
type manifest struct {
	Editor    string          `json:"editor"`    // the packages' version
	Version   string          `json:"version"`   // of the build
	Languages []string        `json:"languages"` // as the editor writes them
	Types     []string        `json:"types"`     // that have a form
	Files     map[string]file `json:"files"`     // by the path that browsers ask for
}

// file is one entry; its content is files/<ETag>.
type file struct {
	ETag string `json:"etag"`
	Type string `json:"type"`
	Size int64  `json:"size"` // before compression, in bytes
	Gzip bool   `json:"gzip"`
}

// Assets are the files of one build. Reading the manifest waits for the first
// use, so that a server's start doesn't pay for it. Safe for concurrent use.
type Assets struct {
	fsys fs.FS
	load func() (*manifest, error)
}

// New makes assets of the folder that web/build has written.
func New(fsys fs.FS) *Assets {
	return &Assets{fsys: fsys, load: sync.OnceValues(func() (*manifest, error) { return readManifest(fsys) })}
}

func readManifest(fsys fs.FS) (*manifest, error) {
	data, err := fs.ReadFile(fsys, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	if err != nil {
		return nil, err
	}
	m := &manifest{}
	return m, json.Unmarshal(data, m)
}

// Built reports whether there is an editor; the error says why not.
func (a *Assets) Built() error {
	_, err := a.load()
	return err
}

// Types are the node types that have a form, sorted.
func (a *Assets) Types() []string {
	m, err := a.load()
	if err != nil {
		return nil
	}
	return m.Types
}

// Languages are the languages of the editor's texts, as it writes them (en-US, ja).
func (a *Assets) Languages() []string {
	m, err := a.load()
	if err != nil {
		return nil
	}
	return m.Languages
}
