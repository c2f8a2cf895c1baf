package slack

import (
	"fmt"
	"unicode/utf8"
)

// Slack's documented limits of a message.
const (
	maxBlocks      = 50
	maxAttachments = 100
	maxSection     = 3000
	maxHeader      = 150
	maxButtonText  = 75
	maxValue       = 2000
	maxActionID    = 255
	maxElements    = 25
	maxLegacy      = 5 // actions of a legacy attachment
	// maxAllBlocks is where a message's blocks together are refused as
	// msg_blocks_too_long. Not documented; seen at about 13,200 characters.
	maxAllBlocks = 13200
)

// check refuses what Slack refuses.
func check(m *Message) error {
	if len(m.Attachments) > maxAttachments {
		return refuse("too_many_attachments")
	}
	seen := map[string]bool{}
	total := 0
	if err := checkBlocks(m.Blocks, seen, &total); err != nil {
		return err
	}
	for _, a := range m.Attachments {
		if err := checkBlocks(list(a["blocks"]), seen, &total); err != nil {
			return err
		}
		if len(list(a["actions"])) > maxLegacy {
			return refuse("invalid_attachments")
		}
	}
	if total > maxAllBlocks {
		return refuse("msg_blocks_too_long")
	}
	return nil
}

func checkBlocks(blocks []map[string]any, seen map[string]bool, total *int) error {
	if len(blocks) > maxBlocks {
		return invalid("no more than %d items allowed", maxBlocks)
	}
	for _, b := range blocks {
		id := text(b["block_id"])
		if seen[id] || len(id) > maxActionID {
			return invalid("block_id %q is not unique or too long", id)
		}
		seen[id] = true
		if err := checkBlock(b, total); err != nil {
			return err
		}
	}
	return nil
}

func checkBlock(b map[string]any, total *int) error {
	switch b["type"] {
	case "section":
		if err := checkText(b["text"], maxSection, total, b["fields"] == nil); err != nil {
			return err
		}
		if b["accessory"] != nil {
			return checkButton(b["accessory"])
		}
	case "header":
		return checkText(b["text"], maxHeader, total, true)
	case "context":
		for _, e := range list(b["elements"]) {
			if err := checkText(e, maxSection, total, true); err != nil {
				return err
			}
		}
	case "actions":
		return checkActions(list(b["elements"]))
	case "divider", "image", "rich_text", "input", "markdown", "table", "video", "file":
	default:
		return invalid("unsupported type: %v", b["type"])
	}
	return nil
}

func checkActions(elements []map[string]any) error {
	if len(elements) == 0 || len(elements) > maxElements {
		return invalid("actions needs 1 to %d elements", maxElements)
	}
	ids := map[string]bool{}
	for _, e := range elements {
		id := text(e["action_id"])
		if id != "" && ids[id] {
			return invalid("action_id %q is not unique", id)
		}
		ids[id] = true
		if err := checkButton(e); err != nil {
			return err
		}
	}
	return nil
}

func checkButton(v any) error {
	e, _ := v.(map[string]any)
	if e["type"] != "button" {
		return nil
	}
	label, _ := e["text"].(map[string]any)
	switch style := e["style"]; {
	case label["type"] != "plain_text":
		return invalid("button text must be plain_text")
	case utf8.RuneCountInString(text(label["text"])) > maxButtonText, text(label["text"]) == "":
		return invalid("button text must be 1 to %d characters", maxButtonText)
	case utf8.RuneCountInString(text(e["value"])) > maxValue:
		return invalid("button value must be at most %d characters", maxValue)
	case len(text(e["action_id"])) > maxActionID:
		return invalid("action_id must be at most %d characters", maxActionID)
	case style != nil && style != "primary" && style != "danger":
		return invalid("button style must be primary or danger")
	}
	return nil
}

func checkText(v any, limit int, total *int, required bool) error {
	t, ok := v.(map[string]any)
	if !ok {
		if required {
			return invalid("missing required field: text")
		}
		return nil
	}
	n := utf8.RuneCountInString(text(t["text"]))
	*total += n
	if n == 0 || n > limit {
		return invalid("text must be 1 to %d characters", limit)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return &fail{"invalid_blocks", reply{"response_metadata": map[string]any{
		"messages": []string{"[ERROR] " + fmt.Sprintf(format, args...)},
	}}}
}

func text(v any) string { s, _ := v.(string); return s }
