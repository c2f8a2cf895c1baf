package file

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf16"

	"toban/internal/locale"
)

// codec turns text into bytes and back. A character that the encoding lacks
// becomes a question mark, bytes that mean nothing become U+FFFD.
type codec interface {
	encode(text string) ([]byte, error)
	decode(data []byte) (string, error)
}

// plain is "none": UTF-8 as it is.
type plain struct{}

func (plain) encode(text string) ([]byte, error) { return []byte(text), nil }
func (plain) decode(data []byte) (string, error) {
	return strings.ToValidUTF8(string(data), "\uFFFD"), nil
}

// latin1 is "binary": the low byte of every UTF-16 unit, as Node.js has it.
type latin1 struct{}

func (latin1) encode(text string) ([]byte, error) {
	units := utf16.Encode([]rune(text))
	out := make([]byte, len(units))
	for i, u := range units {
		out[i] = byte(u)
	}
	return out, nil
}

func (latin1) decode(data []byte) (string, error) {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes), nil
}

// base64Text is "base64", in the usual and the URL alphabet, with or without padding.
type base64Text struct{}

var usualAlphabet = strings.NewReplacer("-", "+", "_", "/", " ", "", "\t", "", "\r", "", "\n", "", "=", "")

func (base64Text) encode(text string) ([]byte, error) {
	out, err := base64.RawStdEncoding.DecodeString(usualAlphabet.Replace(text))
	if err != nil {
		return nil, locale.Errorf("file.errors.base64").Because(err)
	}
	return out, nil
}

func (base64Text) decode(data []byte) (string, error) {
	return base64.StdEncoding.EncodeToString(data), nil
}

// hexText is "hex"; white space between the digits is allowed, so that a line
// can be written as it came.
type hexText struct{}

func (hexText) encode(text string) ([]byte, error) {
	out, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, locale.Errorf("file.errors.hex").Because(err)
	}
	return out, nil
}

func (hexText) decode(data []byte) (string, error) { return hex.EncodeToString(data), nil }

// marked drops the byte order mark before a text, which is no part of it.
type marked struct{ codec }

func (m marked) decode(data []byte) (string, error) {
	text, err := m.codec.decode(data)
	return strings.TrimPrefix(text, "\uFEFF"), err
}

var (
	_ codec = plain{}
	_ codec = latin1{}
	_ codec = base64Text{}
	_ codec = hexText{}
	_ codec = marked{}
)
