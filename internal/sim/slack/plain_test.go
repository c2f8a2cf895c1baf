package slack

import "testing"

func TestPlainText(t *testing.T) {
	m := Message{Text: "a &lt; b\n", Attachments: []map[string]any{
		{"title": "t", "actions": []any{map[string]any{"text": "Go", "value": "go"}}},
		{"blocks": []any{
			map[string]any{"type": "section", "text": map[string]any{"text": "*s*"}},
			map[string]any{"type": "actions", "elements": []any{
				map[string]any{"type": "button", "text": map[string]any{"text": "承認"}},
				map[string]any{"type": "button", "text": map[string]any{"text": "否認"}},
			}},
			map[string]any{"type": "context", "elements": []any{map[string]any{"text": "c"}}},
		}},
	}}
	if got, want := PlainText(m), "a < b\nt\n[Go]\n*s*\n[承認] [否認]\nc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !HasButtons(m) || HasButtons(Message{Text: "button"}) {
		t.Error("buttons")
	}
	if got := PlainText(Message{Text: "fallback", Blocks: []map[string]any{{"type": "section", "text": map[string]any{"text": "shown"}}}}); got != "shown" {
		t.Errorf("got %q", got)
	}
}
