package slack

import (
	"strings"
)

// PlainText is a message as lines for a terminal: its texts with Slack's
// entities undone, and its buttons in brackets.
func PlainText(m Message) string {
	var lines []string
	if len(m.Blocks) == 0 {
		lines = append(lines, m.Text)
	}
	lines = append(lines, blockLines(m.Blocks)...)
	for _, a := range m.Attachments {
		for _, key := range []string{"pretext", "title", "text"} {
			lines = append(lines, text(a[key]))
		}
		lines = append(lines, blockLines(list(a["blocks"]))...)
		lines = append(lines, buttonLine(list(a["actions"]), func(e map[string]any) string { return text(e["text"]) }))
	}
	var shown []string
	for _, line := range lines {
		if line = strings.TrimRight(line, "\n"); line != "" {
			shown = append(shown, line)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(strings.Join(shown, "\n"))
}

func blockLines(blocks []map[string]any) []string {
	var lines []string
	for _, b := range blocks {
		lines = append(lines, objectText(b["text"]))
		for _, e := range list(b["fields"]) {
			lines = append(lines, objectText(e))
		}
		if b["type"] == "context" {
			for _, e := range list(b["elements"]) {
				lines = append(lines, objectText(e))
			}
			continue
		}
		elements := list(b["elements"])
		if accessory, ok := b["accessory"].(map[string]any); ok {
			elements = append(elements, accessory)
		}
		lines = append(lines, buttonLine(elements, func(e map[string]any) string { return objectText(e["text"]) }))
	}
	return lines
}

func objectText(v any) string {
	t, _ := v.(map[string]any)
	return text(t["text"])
}

func buttonLine(elements []map[string]any, label func(map[string]any) string) string {
	var labels []string
	for _, e := range elements {
		labels = append(labels, "["+label(e)+"]")
	}
	return strings.Join(labels, " ")
}

// HasButtons reports whether a message has a button to press.
func HasButtons(m Message) bool { return len(buttons(&m)) > 0 }
