package mailx

import (
	"bytes"
	"regexp"
	"slices"
)

// The bounds within which a mail is parsed. What lies beyond is cut off.
const (
	maxHeader       = 256 << 10 // bytes of the mail's own header
	maxHeaderLines  = 1000
	maxParts        = 500 // lines that begin a part
	maxDeclarations = 50  // boundary declarations, which bounds the nesting
	maxUnparsed     = 64 << 10
)

// tame bounds what a mail can cost to parse, in time and memory, before the
// parser sees it, and mends charset names that the parser doesn't know. cut
// says that something was left out.
func tame(data []byte) (tamed []byte, cut bool) {
	data, cutHeader := tameHeader(data)
	data, cutParts := tameParts(data)
	return renameCharsets(data), cutHeader || cutParts
}

// headerEnd is where the body begins, after the empty line.
func headerEnd(data []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(data[at:], '\n')
		if n < 0 {
			return len(data)
		}
		if len(bytes.TrimRight(data[at:at+n], "\r")) == 0 {
			return at + n + 1
		}
		at += n + 1
	}
}

// tameHeader keeps the leading lines of a header that is too long.
func tameHeader(data []byte) ([]byte, bool) {
	end := headerEnd(data)
	at, lines := 0, 0
	for at < end && lines < maxHeaderLines {
		n := bytes.IndexByte(data[at:end], '\n') + 1
		if n == 0 {
			n = end - at
		}
		if at+n > maxHeader {
			break
		}
		at, lines = at+n, lines+1
	}
	if at == end {
		return data, false
	}
	return slices.Concat(data[:at], []byte("\r\n"), data[end:]), true
}

var boundaryParam = regexp.MustCompile(`(?i)boundary(?:\*0?\*?)?\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))`)

// tameParts cuts the mail where it begins more parts, or declares more
// multiparts, than any honest mail has.
func tameParts(data []byte) ([]byte, bool) {
	declared := boundaryParam.FindAllSubmatchIndex(data, maxDeclarations+1)
	cut := len(data)
	if len(declared) > maxDeclarations {
		cut = declared[maxDeclarations][0]
	}
	names := make([][]byte, 0, len(declared))
	for _, m := range declared {
		if m[2] >= 0 {
			names = append(names, data[m[2]:m[3]])
		} else {
			names = append(names, data[m[4]:m[5]])
		}
	}
	cut = partLimit(data[:cut], names)
	return data[:cut], cut < len(data)
}

// partLimit is where the part after the last allowed one begins.
func partLimit(data []byte, names [][]byte) int {
	parts := 0
	for at := 0; at < len(data); {
		line := data[at:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n+1]
		}
		if beginsPart(line, names) {
			if parts++; parts > maxParts {
				return at
			}
		}
		at += len(line)
	}
	return len(data)
}

func beginsPart(line []byte, names [][]byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("--"))
	return ok && slices.ContainsFunc(names, func(name []byte) bool { return bytes.HasPrefix(rest, name) })
}

// Microsoft's and other variants of ISO-2022-JP: the plain decoder reads their
// extra characters (NEC's row 13, half-width katakana) too.
var (
	charsetParam = regexp.MustCompile(`(?im)^(content-type:[^\n]*|[ \t][^\n]*)(charset\s*=\s*"?)(iso-2022-jp-ms|iso-2022-jp-[123]|cp5022[012])\b`)
	charsetWord  = regexp.MustCompile(`(?i)=\?(iso-2022-jp-ms|iso-2022-jp-[123]|cp5022[012])\?([bq])\?`)
)

func renameCharsets(data []byte) []byte {
	data = charsetParam.ReplaceAll(data, []byte("${1}${2}iso-2022-jp"))
	return charsetWord.ReplaceAll(data, []byte("=?iso-2022-jp?${2}?"))
}
