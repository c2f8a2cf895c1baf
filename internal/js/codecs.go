package js

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf16"

	"toban/internal/message"
)

// codecs are the host functions behind Buffer, TextEncoder, atob and btoa:
// bytes and texts are converted faster and more surely in Go.
var codecs = map[string]func(m *VM, args []Value) (message.Value, error){
	"bytes.from": func(m *VM, args []Value) (message.Value, error) {
		text, encoding, err := m.twoTexts(args)
		if err != nil {
			return nil, err
		}
		return encodeText(text, encoding), nil
	},
	"bytes.text": func(m *VM, args []Value) (message.Value, error) {
		v, err := m.FromJS(args[0])
		b, isBytes := v.(message.Buffer)
		if err != nil || !isBytes {
			return "", errors.Join(err, errIf(!isBytes, "bytes expected"))
		}
		encoding, _ := m.goString(rawOf(args[1]))
		return decodeText(string(b), encoding), nil
	},
	"random": func(m *VM, args []Value) (message.Value, error) {
		b := make([]byte, min(max(m.intArg(args, 0), 0), 1<<16))
		_, _ = rand.Read(b) // crypto/rand.Read never fails
		return message.Buffer(b), nil
	},
}

func errIf(failed bool, text string) error {
	if failed {
		return errors.New(text)
	}
	return nil
}

func (m *VM) twoTexts(args []Value) (a, b string, err error) {
	if len(args) < 2 {
		return "", "", errors.New("two arguments expected")
	}
	a, ok := m.goString(rawOf(args[0]))
	if !ok {
		return "", "", m.pending()
	}
	b, _ = m.goString(rawOf(args[1]))
	return a, b, nil
}

// encodeText gives the bytes of a text in one of Node's encodings, by its
// canonical name. What can't be decoded ends the result, as in Node.
func encodeText(text, encoding string) message.Buffer {
	switch encoding {
	case "hex":
		return decodeHex(text)
	case "base64", "base64url":
		return decodeBase64(text)
	case "latin1", "ascii":
		units := utf16.Encode([]rune(text))
		b := make([]byte, len(units))
		for i, u := range units {
			b[i] = byte(u)
		}
		return message.Buffer(b)
	case "utf16le":
		units := utf16.Encode([]rune(text))
		b := make([]byte, 0, 2*len(units))
		for _, u := range units {
			b = append(b, byte(u), byte(u>>8))
		}
		return message.Buffer(b)
	}
	return message.Buffer(text)
}

func decodeHex(text string) message.Buffer {
	b := make([]byte, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		one, err := hex.DecodeString(text[i : i+2])
		if err != nil {
			break
		}
		b = append(b, one...)
	}
	return message.Buffer(b)
}

var toStdAlphabet = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", " ", "", "\t", "")

func decodeBase64(text string) message.Buffer {
	text, _, _ = strings.Cut(toStdAlphabet.Replace(text), "=")
	for len(text) > 0 {
		b, err := base64.RawStdEncoding.DecodeString(text)
		if err == nil {
			return message.Buffer(b)
		}
		bad, ok := errors.AsType[base64.CorruptInputError](err)
		if !ok || int(bad) >= len(text) {
			text = text[:len(text)-1]
			continue
		}
		text = text[:bad] + text[bad+1:] // Node skips what is no base64
	}
	return ""
}

func decodeText(b, encoding string) string {
	switch encoding {
	case "hex":
		return hex.EncodeToString([]byte(b))
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(b))
	case "base64url":
		return base64.RawURLEncoding.EncodeToString([]byte(b))
	case "latin1", "ascii":
		runes := make([]rune, len(b))
		for i := range len(b) {
			runes[i] = rune(b[i])
			if encoding == "ascii" {
				runes[i] &= 0x7f
			}
		}
		return string(runes)
	case "utf16le":
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return string(utf16.Decode(units))
	}
	return toWellFormed(b)
}

// toWellFormed replaces each maximal part of an ill-formed sequence by one
// U+FFFD, as the Encoding standard says.
func toWellFormed(b string) string {
	var out strings.Builder
	for len(b) > 0 {
		n, ok := sequence(b)
		if ok {
			out.WriteString(b[:n])
		} else {
			out.WriteRune('\uFFFD')
		}
		b = b[n:]
	}
	return out.String()
}
