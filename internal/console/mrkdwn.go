package console

import (
	"html"
	"html/template"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mrkdwn renders a text with Slack's marks as HTML. Whatever isn't one of the
// marks is escaped; of the marks, links lead to web pages and mail addresses
// only, and mentions are plain text.
func mrkdwn(s string) template.HTML {
	var b strings.Builder
	for {
		before, rest, fenced := strings.Cut(s, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !fenced || !closed {
			lines(&b, s)
			break
		}
		lines(&b, before)
		b.WriteString("<pre>" + literal(strings.Trim(code, "\n")) + "</pre>")
		s = after
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// asWritten makes a text from outside safe to be read as mrkdwn: nothing in it links or mentions.
func asWritten(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// literal is a text with Slack's entities as HTML.
func literal(s string) string { return html.EscapeString(visible(entities.Replace(s))) }

// lines renders what stands outside of fences; lines that begin with > are quotes.
func lines(b *strings.Builder, s string) {
	s = strings.Trim(s, "\n")
	if s == "" {
		return
	}
	inQuote := false
	for i, line := range strings.Split(s, "\n") {
		text, quote := strings.CutPrefix(line, "&gt;")
		if !quote {
			text, quote = strings.CutPrefix(line, ">")
		}
		switch {
		case quote && !inQuote:
			b.WriteString("<blockquote>")
		case inQuote && !quote:
			b.WriteString("</blockquote>")
		case i > 0:
			b.WriteString("<br>")
		}
		inQuote = quote
		inline(b, text, 0)
	}
	if inQuote {
		b.WriteString("</blockquote>")
	}
}

var styles = map[byte]string{'*': "strong", '_': "em", '~': "s"}

const (
	deepestStyle = 3
	longestStyle = 3000 // bytes between a mark and its end, so that hostile text costs little
)

// inline renders one line.
func inline(b *strings.Builder, s string, depth int) {
	plain := 0 // where the text begins that isn't written yet
	flush := func(end int) { b.WriteString(emoji.Replace(literal(s[plain:end]))) }
	for i := 0; i < len(s); i++ {
		inner, length := span(s, i)
		if length == 0 || depth == deepestStyle {
			continue
		}
		flush(i)
		switch c := s[i]; c {
		case '`':
			b.WriteString("<code>" + literal(inner) + "</code>")
		case '<':
			b.WriteString(reference(inner))
		default:
			b.WriteString("<" + styles[c] + ">")
			inline(b, inner, depth+1)
			b.WriteString("</" + styles[c] + ">")
		}
		i += length - 1
		plain = i + 1
	}
	flush(len(s))
}

// span finds what a mark at i encloses, and the length with both marks; 0: it is no mark.
func span(s string, i int) (inner string, length int) {
	c := s[i]
	reach := s[i+1 : min(len(s), i+1+longestStyle)]
	switch c {
	case '`':
		return enclosed(reach, strings.IndexByte(reach, '`'))
	case '<':
		return enclosed(reach, strings.IndexByte(reach, '>'))
	case '*', '_', '~':
		if before, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && !breaks(before) {
			return "", 0
		}
		end := strings.IndexByte(reach, c)
		if end < 1 || reach[0] == ' ' || reach[end-1] == ' ' {
			return "", 0
		}
		if after, n := utf8.DecodeRuneInString(s[i+2+end:]); n > 0 && !breaks(after) {
			return "", 0
		}
		return enclosed(reach, end)
	default:
		return "", 0
	}
}

func enclosed(reach string, end int) (inner string, length int) {
	if end < 1 {
		return "", 0
	}
	return reach[:end], end + 2
}

// breaks reports whether a mark may stand beside r.
func breaks(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) }

// reference renders what stands in angle brackets: a mention or a link.
func reference(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	mention := func(sign, id string) string {
		if labelled {
			id = strings.TrimLeft(label, "@#")
		}
		return "<b>" + literal(sign+id) + "</b>"
	}
	switch {
	case strings.HasPrefix(target, "@"):
		return mention("@", target[1:])
	case strings.HasPrefix(target, "#"):
		return mention("#", target[1:])
	case strings.HasPrefix(target, "!date^"):
		return literal(label)
	case strings.HasPrefix(target, "!"):
		return mention("@", target[1:])
	}
	if !labelled {
		label = target
	}
	return link(entities.Replace(target), entities.Replace(label))
}

// link leads to a web page or a mail address; anything else stays a text, with
// where it would have led.
func link(target, label string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		if label != target {
			label += " (" + target + ")"
		}
		return html.EscapeString(label)
	}
	return `<a href="` + html.EscapeString(u.String()) + `" rel="noopener noreferrer nofollow">` + html.EscapeString(label) + `</a>`
}
