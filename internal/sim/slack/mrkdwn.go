package slack

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

// mrkdwn turns Slack's markup into safe HTML. Everything is escaped; only what
// Slack would show as markup becomes an element.
func (w *Workspace) mrkdwn(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, "```") {
		switch {
		case i%2 == 0:
			b.WriteString(emoji.Replace(w.lines(part)))
		case strings.Count(s, "```") == i: // an opening fence without its end is text
			b.WriteString(w.lines("```" + part))
		default:
			b.WriteString("<pre>" + w.inline(strings.Trim(part, "\n"), false) + "</pre>")
		}
	}
	return b.String()
}

// lines renders text outside of fences; lines that begin with > are quotes.
func (w *Workspace) lines(s string) string {
	var b strings.Builder
	quoted := false
	for i, line := range strings.Split(strings.Trim(s, "\n"), "\n") {
		text, isQuote := strings.CutPrefix(line, "&gt;")
		if !isQuote {
			text, isQuote = strings.CutPrefix(line, ">")
		}
		switch {
		case isQuote && !quoted:
			b.WriteString("<blockquote>")
		case !isQuote && quoted:
			b.WriteString("</blockquote>")
		case i > 0:
			b.WriteString("<br>")
		}
		quoted = isQuote
		if isQuote {
			text = strings.TrimPrefix(text, " ")
		}
		b.WriteString(w.inline(text, true))
	}
	if quoted {
		b.WriteString("</blockquote>")
	}
	return b.String()
}

var (
	angle  = regexp.MustCompile(`<([^<>\n]*)>`)
	code   = regexp.MustCompile("`([^`\n]+)`")
	styles = []struct {
		re  *regexp.Regexp
		tag string
	}{
		{regexp.MustCompile(`(^|[\s\p{P}])\*([^\s*](?:[^*\n]*[^\s*])?)\*($|[\s\p{P}])`), "strong"},
		{regexp.MustCompile(`(^|[\s\p{P}])_([^\s_](?:[^_\n]*[^\s_])?)_($|[\s\p{P}])`), "em"},
		{regexp.MustCompile(`(^|[\s\p{P}])~([^\s~](?:[^~\n]*[^\s~])?)~($|[\s\p{P}])`), "del"},
	}
)

// inline renders mentions and links, and the text between them.
func (w *Workspace) inline(s string, styled bool) string {
	var b strings.Builder
	at := 0
	for _, m := range angle.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(w.plain(s[at:m[0]], styled))
		b.WriteString(w.reference(s[m[2]:m[3]]))
		at = m[1]
	}
	b.WriteString(w.plain(s[at:], styled))
	return b.String()
}

func (w *Workspace) plain(s string, styled bool) string {
	if !styled {
		return safe(s)
	}
	var b strings.Builder
	at := 0
	for _, m := range code.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(style(safe(s[at:m[0]])))
		b.WriteString("<code>" + safe(s[m[2]:m[3]]) + "</code>")
		at = m[1]
	}
	b.WriteString(style(safe(s[at:])))
	return b.String()
}

func style(s string) string {
	for _, st := range styles {
		s = st.re.ReplaceAllString(s, "$1<"+st.tag+">$2</"+st.tag+">$3")
	}
	return s
}

// safe escapes for HTML. Slack's three entities are undone first.
func safe(s string) string {
	return html.EscapeString(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s))
}

// reference renders what stands between angle brackets.
func (w *Workspace) reference(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		name := target[1:]
		if u, ok := w.user(name); ok {
			name = u.RealName
		}
		return mention("@" + name)
	case strings.HasPrefix(target, "#"):
		for _, c := range w.Channels() {
			if c.ID == target[1:] {
				return mention("#" + c.Name)
			}
		}
		return mention(target)
	case strings.HasPrefix(target, "!"):
		if labelled {
			return mention(label)
		}
		return mention("@" + target[1:])
	}
	if !labelled {
		label = target
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		return safe("<" + s + ">")
	}
	return `<a href="` + safe(target) + `" rel="noopener noreferrer" target="_blank">` + safe(label) + `</a>`
}

func mention(s string) string { return `<span class="mention">` + safe(s) + `</span>` }

func (w *Workspace) user(id string) (User, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ok := w.users[id]
	return u, ok
}
