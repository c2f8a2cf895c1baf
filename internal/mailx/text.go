package mailx

import (
	"strings"

	"github.com/inbucket/html2text"
)

// maxConverted bounds the HTML that is turned into text.
const maxConverted = 1 << 20

// clean makes a text valid UTF-8 with LF line ends, as Node-RED's mail node gives it.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.ReplaceAll(s, "\r\n", "\n")
}

// singleLine joins a folded header into one line.
func singleLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), " ") }

func isBreak(r rune) bool { return r == '\n' || r == '\r' }

// textOf gives the readable text of an HTML mail. A mail that can't be
// converted gives its source.
func textOf(html string) (text string) {
	html = html[:min(len(html), maxConverted)]
	defer func() {
		if recover() != nil { // as in readParts
			text = html
		}
	}()
	text, err := html2text.FromString(strings.ToValidUTF8(html, ""))
	if err != nil {
		return html
	}
	return clean(text)
}
