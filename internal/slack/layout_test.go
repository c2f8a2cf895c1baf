package slack

import (
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

func TestArrange(t *testing.T) {
	cases := []struct{ name, card, want string }{
		{
			"the seed's shape", seedLike,
			`[{"color":"#3AA3E3","fallback":"ここでは答えられません","blocks":[` +
				`{"type":"section","text":{"type":"mrkdwn","text":"*承認依頼*\n実行しますか","verbatim":true}},` +
				`{"type":"actions","block_id":"toban:q1:1","elements":[` +
				`{"type":"button","action_id":"answer:0","text":{"type":"plain_text","text":"承認","emoji":true},"value":"yes","style":"primary"},` +
				`{"type":"button","action_id":"answer:1","text":{"type":"plain_text","text":"否認","emoji":true},"value":"no"}]}]}]`,
		},
		{
			"all that a legacy attachment can say",
			`{"attachments":[{"pretext":"p","title":"t","title_link":"https://a.example","fields":[{"title":"f","value":"v"}],
			"image_url":"https://a.example/i.png","footer":"foot","actions":[
			{"name":"n","type":"button","text":"Go","confirm":{"text":"Sure?","ok_text":"Yes"}},
			{"name":"l","type":"button","text":"Open","url":"https://a.example"}]}]}`,
			`[{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"p","verbatim":true}},` +
				`{"type":"section","text":{"type":"mrkdwn","text":"*<https://a.example|t>*","verbatim":true}},` +
				`{"type":"section","text":{"type":"mrkdwn","text":"*f*\nv","verbatim":true}},` +
				`{"type":"image","image_url":"https://a.example/i.png","alt_text":"image"},` +
				`{"type":"context","elements":[{"type":"mrkdwn","text":"foot","verbatim":true}]},` +
				`{"type":"actions","block_id":"toban:q1:1","elements":[{"type":"button","action_id":"n:0","text":{"type":"plain_text","text":"Go","emoji":true},` +
				`"confirm":{"title":{"type":"plain_text","text":"Are you sure?","emoji":true},"text":{"type":"plain_text","text":"Sure?","emoji":true},` +
				`"confirm":{"type":"plain_text","text":"Yes","emoji":true},"deny":{"type":"plain_text","text":"Cancel","emoji":true}}},` +
				`{"type":"button","action_id":"link-1","text":{"type":"plain_text","text":"Open","emoji":true},"url":"https://a.example"}]}]}]`,
		},
		{"an attachment without buttons stays", `{"attachments":[{"text":"x","color":"good","author_name":"a"}]}`, `[{"text":"x","color":"good","author_name":"a"}]`},
		{
			"two rows of buttons", `{"attachments":[{"actions":[{"name":"a","type":"button","text":"1"}]},{"actions":[{"name":"a","type":"button","text":"2"}]}]}`,
			`[{"blocks":[{"type":"actions","block_id":"toban:q1:1","elements":[{"type":"button","action_id":"a:0","text":{"type":"plain_text","text":"1","emoji":true}}]}]},` +
				`{"blocks":[{"type":"actions","block_id":"toban:q1:2","elements":[{"type":"button","action_id":"a:1","text":{"type":"plain_text","text":"2","emoji":true}}]}]}]`,
		},
		{
			"buttons in blocks", `{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"?"},"accessory":{"type":"button","action_id":"x","text":{"type":"plain_text","text":"X"},"value":"1"}},` +
				`{"type":"actions","block_id":"mine","elements":[{"type":"button","action_id":"y","text":{"type":"plain_text","text":"Y"}}]}]}`,
			`[{"type":"section","text":{"type":"mrkdwn","text":"?"},"accessory":{"type":"button","action_id":"x:0","text":{"type":"plain_text","text":"X","emoji":true},"value":"1"},"block_id":"toban:q1:1"},` +
				`{"type":"actions","block_id":"toban:q1:2","elements":[{"type":"button","action_id":"y:1","text":{"type":"plain_text","text":"Y","emoji":true}}]}]`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, err := arrange(parse(t, c.card), "q1", false, locale.EN)
			if err != nil {
				t.Fatal(err)
			}
			if got := jsonList(append(l.blocks, l.attachments...)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestArrangeRefuses(t *testing.T) {
	cases := map[string]string{
		`{"attachments":["x"]}`: "slack.card_attachment",
		`{"blocks":[1]}`:        "slack.card_block",
		`{"attachments":[{"actions":[{"name":"a","type":"select","text":"x"}]}]}`:                                                 "slack.card_action_type",
		`{"blocks":[{"type":"actions","elements":[{"type":"datepicker"}]}]}`:                                                      "slack.card_action_type",
		`{"attachments":[{"actions":[{"name":"a","type":"button","value":"v"}]}]}`:                                                "slack.card_no_label",
		`{"attachments":[{"actions":[{"type":"button","text":"` + strings.Repeat("あ", 76) + `"}]}]}`:                              "slack.card_long_label",
		`{"attachments":[{"actions":[{"type":"button","text":"x","value":"` + strings.Repeat("v", 2001) + `"}]}]}`:                "slack.card_long_value",
		`{"attachments":[{"actions":[` + strings.Repeat(`{"type":"button","text":"x"},`, 25) + `{"type":"button","text":"x"}]}]}`: "slack.card_many_buttons",
		`{"blocks":[` + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]}`:                                        "slack.card_many_blocks",
	}
	for card, want := range cases {
		if _, err := arrange(parse(t, card), "q1", false, locale.EN); !locale.HasKey(err, want) {
			t.Errorf("%.80s: got %v, want %s", card, err, want)
		}
	}
}

func TestLegacyElsewhere(t *testing.T) {
	card := parse(t, `{"text":"a &lt; b","attachments":[{"callback_id":"one","actions":[{"name":"n","type":"button","text":"1","value":"1"}]},
	{"callback_id":"two","actions":[{"name":"n","type":"button","text":"R&amp;D","value":"2"}]}]}`)
	a := node.Answer{Choice: 1, Value: "forged", By: node.Person{ID: "admin", Name: "Admin"}, At: time.Unix(1700000000, 0), Via: "console"}
	answer, payload, err := Legacy(card, a)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Text("value") != "2" {
		t.Errorf("answer %v: what counts is the choice", answer)
	}
	user := payload.Get("user").(*message.Object)
	original := payload.Get("original_message").(*message.Object)
	if payload.Text("callback_id") != "two" || payload.Text("attachment_id") != "2" || user.Text("name") != "Admin" || original.Text("text") != "a < b" {
		text, _ := message.Stringify(payload, 1)
		t.Errorf("payload %s", text)
	}
	for _, choice := range []int{-1, 2} {
		if _, _, err := Legacy(card, node.Answer{Choice: choice}); !locale.HasKey(err, "slack.no_such_choice") {
			t.Errorf("choice %d: %v", choice, err)
		}
	}
}

func TestIDs(t *testing.T) {
	for id, want := range map[string]string{"toban:q1:1": "q1", "toban:a:b:2": "a:b", "toban:x": "", "other": "", "": ""} {
		if got := questionOf(id); got != want {
			t.Errorf("%q belongs to %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]int{"answer:0": 0, "a:b:12": 12, ":3": 3, "link-1": -1, "3": -1, "a:-1": -1, "a:x": -1, "": -1} {
		if got := indexOf(id); got != want {
			t.Errorf("%q is choice %d, want %d", id, got, want)
		}
	}
}

// Whatever a flow gives, the buttons that come out lead back to its choices.
func FuzzArrange(f *testing.F) {
	f.Add(seedLike)
	f.Add(`{"blocks":[{"type":"actions","elements":[{"type":"button","text":{"text":"x"}}]}],"attachments":[{"blocks":[]}]}`)
	f.Add(`{"text":3,"attachments":[{"actions":[null]}],"blocks":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := message.ParseJSON(text)
		card, ok := v.(*message.Object)
		if err != nil || !ok {
			return
		}
		l, err := arrange(card, "q", false, locale.EN)
		if err != nil {
			return
		}
		if len(l.choices) != len(l.origins) {
			t.Errorf("%d choices, %d origins", len(l.choices), len(l.origins))
		}
		for i := range l.choices {
			if _, _, err := Legacy(card, node.Answer{Choice: i}); err != nil {
				t.Errorf("choice %d: %v", i, err)
			}
		}
		if ended, err := arrange(card, "q", true, locale.EN); err != nil || strings.Contains(jsonList(append(ended.blocks, ended.attachments...)), `"block_id":"toban:q:`) {
			t.Errorf("an ended card keeps its buttons: %v", err)
		}
	})
}
