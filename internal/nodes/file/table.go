package file

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
	"unicode/utf8"
)

// tablesJSON has the single-byte encodings of Node-RED's form that
// golang.org/x/text lacks: for each the characters of the bytes 0x80 to 0xFF, or
// of all bytes where the lower half isn't ASCII. U+FFFD: the byte means nothing.
// The tables are those of glibc, of Perl's Encode for the Macintosh ones, and of
// RFC 1456 for VISCII; of KOI8-RU it has the letters and the first box lines.
//
//go:embed tables.json
var tablesJSON []byte

var tables = sync.OnceValue(func() map[string]*table {
	var source map[string]string
	if err := json.Unmarshal(tablesJSON, &source); err != nil {
		panic(err) // the file is part of the program
	}
	source["ascii"] = strings.Repeat("\uFFFD", 0x80)
	out := make(map[string]*table, len(source))
	for name, chars := range source {
		out[name] = newTable([]rune(chars))
	}
	return out
})

// table is an encoding of one byte per character.
type table struct {
	chars [256]rune
	bytes map[rune]byte
}

func newTable(chars []rune) *table {
	t := &table{bytes: make(map[rune]byte, 256)}
	for b := range t.chars {
		t.chars[b] = rune(b)
		if at := b - (256 - len(chars)); at >= 0 {
			t.chars[b] = chars[at]
		}
		if r := t.chars[b]; r != utf8.RuneError {
			t.bytes[r] = byte(b)
		}
	}
	return t
}

// singleByte finds a table by a name without case and punctuation, nil if there is none.
func singleByte(name string) codec {
	if t := tables()[name]; t != nil {
		return t
	}
	return nil
}

func (t *table) encode(text string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := t.bytes[r]
		if !ok {
			b = '?'
		}
		out = append(out, b)
	}
	return out, nil
}

func (t *table) decode(data []byte) (string, error) {
	var out strings.Builder
	for _, b := range data {
		out.WriteRune(t.chars[b])
	}
	return out.String(), nil
}

var _ codec = (*table)(nil)
