package console

import (
	"html/template"
	"strings"

	"toban/internal/message"
)

// cardWriter renders a card as a flow gives it: a text, or a Slack message with
// blocks and attachments. Its buttons are the question's choices, which the page
// shows in its own way.
type cardWriter struct {
	b    strings.Builder
	left int  // bytes of text that may still come
	cut  bool // there was more
	skip string
}

// renderCard renders a card, up to most bytes of its texts; cut says that there
// is more. A text that is the title isn't repeated.
func renderCard(card message.Value, title string, most int) (content template.HTML, cut bool) {
	w := &cardWriter{left: max(most, 0), skip: title}
	switch v := card.(type) {
	case string:
		w.text(asWritten(v))
	case *message.Object:
		w.message(v)
	}
	return template.HTML(w.b.String()), w.cut //nolint:gosec // every part is escaped
}

func (w *cardWriter) message(m *message.Object) {
	w.text(m.Text("text"))
	w.blocks(m.Get("blocks"))
	for _, att := range objects(m.Get("attachments")) {
		w.open(`<div class="attachment">`)
		if blocks := objects(att.Get("blocks")); len(blocks) > 0 {
			w.blocks(att.Get("blocks"))
		} else {
			w.attachment(att)
		}
		w.open("</div>")
	}
}

// attachment renders a legacy attachment.
func (w *cardWriter) attachment(att *message.Object) {
	w.text(att.Text("pretext"))
	if title := att.Text("title"); title != "" {
		w.open(`<p class="head">`)
		if to := att.Text("title_link"); to != "" && w.take(title) {
			w.open(link(to, title))
		} else {
			w.inline(title)
		}
		w.open("</p>")
	}
	w.text(att.Text("text"))
	for _, f := range objects(att.Get("fields")) {
		w.open(`<p class="head">`)
		w.inline(f.Text("title"))
		w.open("</p>")
		w.text(f.Text("value"))
	}
	w.picture(att.Text("image_url"), att.Text("fallback"))
	w.links(att.Get("actions"))
	w.text(att.Text("footer"))
}

// blocks renders Block Kit blocks; of a kind that we don't know, its texts.
func (w *cardWriter) blocks(v message.Value) {
	for _, b := range objects(v) {
		switch b.Text("type") {
		case "divider":
			w.open("<hr>")
		case "header":
			w.open(`<p class="head">`)
			w.inline(textOf(b.Get("text")))
			w.open("</p>")
		case "image":
			w.picture(b.Text("image_url"), b.Text("alt_text"))
		case "actions":
			w.links(b.Get("elements"))
		case "context":
			for _, e := range objects(b.Get("elements")) {
				w.text(textOf(e))
			}
		default:
			w.text(textOf(b.Get("text")))
			for _, f := range objects(b.Get("fields")) {
				w.text(textOf(f))
			}
		}
	}
}

// links renders buttons that open a page; the others are choices.
func (w *cardWriter) links(v message.Value) {
	for _, e := range objects(v) {
		if to := e.Text("url"); to != "" && w.take(to) {
			w.open("<p>" + link(to, textOf(e.Get("text"))) + "</p>")
		}
	}
}

// picture links to an image: pages load nothing from elsewhere.
func (w *cardWriter) picture(to, alt string) {
	if to == "" || !w.take(to) {
		return
	}
	if alt == "" {
		alt = to
	}
	w.open("<p>" + link(to, alt) + "</p>")
}

func (w *cardWriter) text(s string) {
	if strings.TrimSpace(s) == "" || entities.Replace(s) == w.skip {
		return
	}
	if !w.take(s) {
		s = shorten(s, max(w.left, 0))
		w.left = 0
	}
	w.open(`<div class="said">` + string(mrkdwn(s)) + "</div>")
}

func (w *cardWriter) inline(s string) {
	if w.take(s) {
		w.open(literal(s))
	}
}

// take asks for the room of a text.
func (w *cardWriter) take(s string) bool {
	if len(s) > w.left {
		w.cut = true
		return false
	}
	w.left -= len(s)
	return true
}

func (w *cardWriter) open(markup string) { w.b.WriteString(markup) }

// textOf is a text object's text, or a legacy text itself.
func textOf(v message.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case *message.Object:
		if s := v.Text("text"); s != "" {
			return s
		}
		return v.Text("alt_text")
	}
	return ""
}

// mostItems bounds what one list of a card may have, above Slack's own bounds.
const mostItems = 200

func objects(v message.Value) (found []*message.Object) {
	list, _ := v.(*message.Array)
	if list == nil {
		return nil
	}
	for i, item := range list.All() {
		if o, ok := item.(*message.Object); ok && i < mostItems {
			found = append(found, o)
		}
	}
	return found
}
