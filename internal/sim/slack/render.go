package slack

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"
)

// RenderHTML gives a message's content as safe HTML: text, blocks and
// attachments. Buttons carry data-channel, data-ts and data-action, which the
// page gives back to POST /click; what a button asks to be confirmed is in
// data-confirm. Classes: attachment, actions, button (primary, danger), mention, context.
func (w *Workspace) RenderHTML(channel string, m Message) template.HTML {
	r := renderer{w: w, channel: channel, ts: m.TS}
	if len(m.Blocks) > 0 {
		r.blocks(m.Blocks) // Slack shows text only where there are no blocks
	} else if m.Text != "" {
		r.printf(`<div class="text">%s</div>`, w.mrkdwn(m.Text))
	}
	for _, a := range m.Attachments {
		r.attachment(a)
	}
	return template.HTML(r.b.String()) //nolint:gosec // every part went through safe or html.EscapeString
}

type renderer struct {
	w           *Workspace
	channel, ts string
	b           strings.Builder
}

// printf writes HTML; the arguments must be safe already.
func (r *renderer) printf(format string, args ...any) { fmt.Fprintf(&r.b, format, args...) }

var color = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

// named are the colours that Slack has names for.
var named = map[string]string{"good": "2EB886", "warning": "DAA038", "danger": "A30100"}

func (r *renderer) attachment(a map[string]any) {
	bar := text(a["color"])
	if hex, ok := named[bar]; ok {
		bar = hex
	}
	if !color.MatchString(bar) {
		bar = "DDDDDD"
	}
	if s := text(a["pretext"]); s != "" {
		r.printf(`<div class="text">%s</div>`, r.w.mrkdwn(s))
	}
	r.printf(`<div class="attachment" style="border-left-color:#%s">`, bar)
	if s := text(a["title"]); s != "" {
		r.printf(`<div class="title"><strong>%s</strong></div>`, safe(s))
	}
	if s := text(a["text"]); s != "" {
		r.printf(`<div class="text">%s</div>`, r.w.mrkdwn(s))
	}
	r.blocks(list(a["blocks"]))
	for _, f := range list(a["fields"]) {
		r.printf(`<div class="field"><strong>%s</strong><br>%s</div>`, safe(text(f["title"])), r.w.mrkdwn(text(f["value"])))
	}
	if actions := list(a["actions"]); len(actions) > 0 {
		r.printf(`<div class="actions">`)
		for _, action := range actions {
			r.button(text(action["text"]), text(action["value"]), text(action["style"]), action["confirm"])
		}
		r.printf(`</div>`)
	}
	if s := text(a["footer"]); s != "" {
		r.printf(`<div class="context">%s</div>`, r.w.mrkdwn(s))
	}
	r.printf(`</div>`)
}

func (r *renderer) blocks(blocks []map[string]any) {
	for _, b := range blocks {
		switch b["type"] {
		case "section":
			r.printf(`<div class="text">%s</div>`, r.textObject(b["text"]))
			for _, f := range list(b["fields"]) {
				r.printf(`<div class="field">%s</div>`, r.textObject(f))
			}
			if e, ok := b["accessory"].(map[string]any); ok && e["type"] == "button" {
				r.printf(`<div class="actions">`)
				r.blockButton(e)
				r.printf(`</div>`)
			}
		case "header":
			r.printf(`<div class="header"><strong>%s</strong></div>`, r.textObject(b["text"]))
		case "context":
			r.printf(`<div class="context">`)
			for _, e := range list(b["elements"]) {
				r.printf(`%s `, r.textObject(e))
			}
			r.printf(`</div>`)
		case "divider":
			r.printf(`<hr>`)
		case "actions":
			r.printf(`<div class="actions">`)
			for _, e := range list(b["elements"]) {
				r.blockButton(e)
			}
			r.printf(`</div>`)
		default:
			r.printf(`<div class="unsupported">[%s]</div>`, safe(text(b["type"])))
		}
	}
}

func (r *renderer) textObject(v any) string {
	t, _ := v.(map[string]any)
	if t["type"] == "mrkdwn" {
		return r.w.mrkdwn(text(t["text"]))
	}
	return strings.ReplaceAll(html.EscapeString(text(t["text"])), "\n", "<br>")
}

func (r *renderer) blockButton(e map[string]any) {
	label, _ := e["text"].(map[string]any)
	r.button(text(label["text"]), text(e["action_id"]), text(e["style"]), e["confirm"])
}

func (r *renderer) button(label, action, style string, confirm any) {
	class := "button"
	if style == "primary" || style == "danger" {
		class += " " + style
	}
	ask := ""
	if c, ok := confirm.(map[string]any); ok {
		ask = text(c["text"])
		if t, ok := c["text"].(map[string]any); ok {
			ask = text(t["text"])
		}
	}
	r.printf(`<button type="button" class="%s" data-channel="%s" data-ts="%s" data-action="%s" data-confirm="%s">%s</button>`,
		class, html.EscapeString(r.channel), html.EscapeString(r.ts), html.EscapeString(action), html.EscapeString(ask), html.EscapeString(label))
}
