package slack

import "strings"

// PlainText is a message as a terminal shows it: its text, then the texts of
// its attachments and blocks, with buttons in brackets.
func PlainText(m Message) string {
	var lines []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, s)
		}
	}
	add(m.Text)
	for _, a := range m.Attachments {
		add(text(a["title"]))
		add(text(a["text"]))
		add(plainBlocks(list(a["blocks"])))
	}
	if len(m.Attachments) == 0 {
		add(strings.TrimPrefix(plainBlocks(m.Blocks), m.Text))
	}
	return strings.Join(lines, "\n")
}

func plainBlocks(blocks []map[string]any) string {
	var lines []string
	for _, b := range blocks {
		switch b["type"] {
		case "actions":
			var labels []string
			for _, e := range list(b["elements"]) {
				labels = append(labels, "["+plainObject(e["text"])+"]")
			}
			lines = append(lines, strings.Join(labels, " "))
		case "context":
			for _, e := range list(b["elements"]) {
				lines = append(lines, text(e["text"]))
			}
		default:
			lines = append(lines, plainObject(b["text"]))
		}
	}
	return strings.Join(lines, "\n")
}

// plainObject is the text of a Block Kit text object.
func plainObject(v any) string {
	o, _ := v.(map[string]any)
	return text(o["text"])
}
