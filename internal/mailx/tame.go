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
	maxDeclarations = 500 // boundary declarations
	maxDepth        = 8   // multiparts within each other
	maxUnparsed     = 64 << 10

	maxDeclarationLine = 4096 // longer lines declare nothing
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

// tameParts cuts the mail where it begins more parts, declares more
// multiparts, or nests them deeper than any honest mail does. The parser needs
// twice the time for every level that isn't closed.
func tameParts(data []byte) ([]byte, bool) {
	var open []string // boundaries of the multiparts around the current line, outermost first
	parts, declared := 0, 0
	for at := 0; at < len(data); {
		line := data[at:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n+1]
		}
		if level := boundaryLevel(line, open); level >= 0 {
			open = open[:level+1]
			parts++
		} else if name := declaration(line); name != "" {
			open = append(open, name)
			declared++
		}
		if parts > maxParts || declared > maxDeclarations || len(open) > maxDepth {
			return data[:at], true
		}
		at += len(line)
	}
	return data, false
}

// boundaryLevel is the place in open of the boundary that the line is, or -1.
// A name may be only the beginning of the real one (RFC 2231 lets it continue),
// so the innermost match counts: the depth is never taken for less than it is.
func boundaryLevel(line []byte, open []string) int {
	rest, ok := bytes.CutPrefix(line, []byte("--"))
	if !ok {
		return -1
	}
	for level, name := range slices.Backward(open) {
		if bytes.HasPrefix(rest, []byte(name)) {
			return level
		}
	}
	return -1
}

func declaration(line []byte) string {
	if len(line) > maxDeclarationLine {
		line = line[:maxDeclarationLine]
	}
	m := boundaryParam.FindSubmatch(line)
	if m == nil {
		return ""
	}
	return string(m[1]) + string(m[2])
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
