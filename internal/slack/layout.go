package slack

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Slack's documented limits that a card must keep.
const (
	maxSection   = 3000
	maxLabel     = 75
	maxValue     = 2000
	maxChoices   = 25
	maxBlocks    = 50
	maxText      = 39000 // Slack cuts at 40,000
	maxAllBlocks = 12000 // Slack refuses somewhere above 13,000
)

// layout is a message in the making: what chat.postMessage takes.
type layout struct {
	text        string
	blocks      []message.Value
	attachments []message.Value
	choices     []node.Choice
	origins     []origin // of the choices, in the same order
	// before are texts too long for the message's blocks, to be posted ahead of it.
	before []string
}

// origin is the legacy attachment that a choice's button came from.
type origin struct {
	attachment int // from 1; 0 for the message's own blocks
	callback   string
}

// arranger turns a card that a flow gives into a layout.
type arranger struct {
	id   string // of the question, for the block ids of its buttons
	bare bool   // leave the buttons away: the question has ended
	lang locale.Lang

	out   layout
	from  origin // of the buttons that are being translated
	rows  int    // button rows so far; block ids must be unique
	links int    // link buttons so far
	total int    // characters in blocks so far
}

// arrange translates a card: legacy attachments that have buttons become
// attachments made of blocks, every button gets a block id and an action id that
// find the question and the choice again, and everything else stays as it is.
func arrange(card *message.Object, id string, bare bool, lang locale.Lang) (*layout, error) {
	a := &arranger{id: id, bare: bare, lang: lang}
	a.out.text = message.ToString(orEmpty(card.Get("text")))
	if parts := splitText(a.out.text, maxText); len(parts) > 1 {
		a.out.before = parts[:len(parts)-1]
		a.out.text = parts[len(parts)-1]
	}
	blocks, err := a.blocks(array(card.Get("blocks")))
	if err != nil {
		return nil, err
	}
	a.out.blocks = blocks
	for i, v := range array(card.Get("attachments")).All() {
		attachment, ok := v.(*message.Object)
		if !ok {
			return nil, locale.Errorf("slack.card_attachment")
		}
		a.from = origin{i + 1, attachment.Text("callback_id")}
		translated, err := a.attachment(attachment)
		if err != nil {
			return nil, err
		}
		a.out.attachments = append(a.out.attachments, translated)
	}
	if len(a.out.choices) > maxChoices {
		return nil, locale.Errorf("slack.card_many_buttons", "count", len(a.out.choices), "max", maxChoices)
	}
	return &a.out, nil
}

// Choices lists the buttons of a card in order, which are a question's choices.
func Choices(card *message.Object) ([]node.Choice, error) {
	l, err := arrange(card, "", false, locale.EN)
	if err != nil {
		return nil, err
	}
	return l.choices, nil
}

func (a *arranger) attachment(att *message.Object) (message.Value, error) {
	if own := array(att.Get("blocks")); own.Len() > 0 {
		blocks, err := a.blocks(own)
		return att.With("blocks", message.NewArray(blocks...)), err
	}
	actions := array(att.Get("actions"))
	if actions.Len() == 0 {
		return att, nil
	}
	row, err := a.legacyRow(actions)
	if err != nil {
		return nil, err
	}
	blocks := append(a.legacyBody(att), row...)
	b := message.NewBuilder(3)
	for _, key := range []string{"color", "fallback"} {
		if v, ok := att.Lookup(key); ok {
			b.Set(key, v)
		}
	}
	b.Set("blocks", message.NewArray(blocks...))
	return b.Object(), nil
}

// legacyBody makes blocks of a legacy attachment's texts.
func (a *arranger) legacyBody(att *message.Object) []message.Value {
	var blocks []message.Value
	blocks = append(blocks, a.sections(att.Text("pretext"))...)
	blocks = append(blocks, a.sections(joined(legacyTitle(att), att.Text("text")))...)
	for _, v := range array(att.Get("fields")).All() {
		if f, ok := v.(*message.Object); ok {
			blocks = append(blocks, a.sections(joined(bold(f.Text("title")), f.Text("value")))...)
		}
	}
	if url := att.Text("image_url"); url != "" {
		blocks = append(blocks, message.NewObject("type", "image", "image_url", url, "alt_text", orText(att.Text("fallback"), "image")))
	}
	if footer := att.Text("footer"); footer != "" {
		blocks = append(blocks, contextBlock(footer))
	}
	return blocks
}

// linkSafe keeps a link from ending before its end.
var linkSafe = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "%0A")

func legacyTitle(att *message.Object) string {
	title := bold(att.Text("title"))
	if link := att.Text("title_link"); link != "" && title != "" {
		return "*<" + linkSafe.Replace(link) + "|" + att.Text("title") + ">*"
	}
	return title
}

// sections makes section blocks of a text of any length. What no longer fits
// into the message's blocks is posted ahead of the card, whole.
func (a *arranger) sections(text string) []message.Value {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if size := utf8.RuneCountInString(text); a.total+size > maxAllBlocks {
		a.out.before = append(a.out.before, splitText(text, maxText)...)
		return []message.Value{section(a.lang.Text("slack.card_above", "count", size))}
	}
	var blocks []message.Value
	for _, part := range splitText(text, maxSection) {
		a.total += utf8.RuneCountInString(part)
		blocks = append(blocks, section(part))
	}
	return blocks
}

func (a *arranger) legacyRow(actions *message.Array) ([]message.Value, error) {
	var buttons []message.Value
	for _, v := range actions.All() {
		action, _ := v.(*message.Object)
		if kind := action.Text("type"); kind != "button" {
			return nil, locale.Errorf("slack.card_action_type", "type", kind)
		}
		button, err := a.legacyButton(action)
		if err != nil {
			return nil, err
		}
		buttons = append(buttons, button)
	}
	return a.row(buttons), nil
}

func (a *arranger) row(buttons []message.Value) []message.Value {
	if a.bare || len(buttons) == 0 {
		return nil
	}
	a.rows++
	return []message.Value{message.NewObject("type", "actions", "block_id", blockID(a.id, a.rows), "elements", message.NewArray(buttons...))}
}

func (a *arranger) legacyButton(action *message.Object) (message.Value, error) {
	choice := node.Choice{
		Name: action.Text("name"), Value: message.ToString(orEmpty(action.Get("value"))),
		Label: action.Text("text"), Style: action.Text("style"),
	}
	if confirm, ok := action.Get("confirm").(*message.Object); ok {
		choice.Confirm = a.confirm(confirm)
	}
	if url := action.Text("url"); url != "" {
		return a.link(choice, url), checkChoice(choice)
	}
	return a.choice(choice)
}

// choice adds a choice and gives its button.
func (a *arranger) choice(c node.Choice) (message.Value, error) {
	if err := checkChoice(c); err != nil {
		return nil, err
	}
	button := choiceButton(c, len(a.out.choices))
	a.out.choices = append(a.out.choices, c)
	a.out.origins = append(a.out.origins, a.from)
	return button, nil
}

func checkChoice(c node.Choice) error {
	switch {
	case strings.TrimSpace(c.Label) == "":
		return locale.Errorf("slack.card_no_label", "value", c.Value)
	case utf8.RuneCountInString(c.Label) > maxLabel:
		return locale.Errorf("slack.card_long_label", "label", c.Label, "max", maxLabel)
	case utf8.RuneCountInString(c.Value) > maxValue:
		return locale.Errorf("slack.card_long_value", "label", c.Label, "max", maxValue)
	}
	return nil
}

// blocks renumbers the buttons of blocks that a flow gives as such.
func (a *arranger) blocks(in *message.Array) ([]message.Value, error) {
	var out []message.Value
	for _, v := range in.All() {
		b, ok := v.(*message.Object)
		if !ok {
			return nil, locale.Errorf("slack.card_block")
		}
		made, err := a.block(b)
		if err != nil {
			return nil, err
		}
		out = append(out, made...)
	}
	if len(out) > maxBlocks {
		return nil, locale.Errorf("slack.card_many_blocks", "count", len(out), "max", maxBlocks)
	}
	return out, nil
}

func (a *arranger) block(b *message.Object) ([]message.Value, error) {
	if accessory, ok := b.Get("accessory").(*message.Object); ok && accessory.Text("type") == "button" {
		button, err := a.blockButton(accessory)
		a.rows++
		if a.bare {
			return []message.Value{b.Without("accessory")}, err
		}
		return []message.Value{b.With("accessory", button).With("block_id", blockID(a.id, a.rows))}, err
	}
	if b.Text("type") != "actions" {
		return []message.Value{b}, nil
	}
	var buttons []message.Value
	for _, v := range array(b.Get("elements")).All() {
		e, _ := v.(*message.Object)
		if kind := e.Text("type"); kind != "button" {
			return nil, locale.Errorf("slack.card_action_type", "type", kind)
		}
		button, err := a.blockButton(e)
		if err != nil {
			return nil, err
		}
		buttons = append(buttons, button)
	}
	return a.row(buttons), nil
}

func (a *arranger) blockButton(e *message.Object) (message.Value, error) {
	label, _ := e.Get("text").(*message.Object)
	c := node.Choice{Name: e.Text("action_id"), Value: e.Text("value"), Label: label.Text("text"), Style: e.Text("style"), Confirm: e.Get("confirm")}
	if url := e.Text("url"); url != "" {
		return a.link(c, url), checkChoice(c)
	}
	return a.choice(c)
}

// blockPrefix begins the block ids of our buttons.
const blockPrefix = "toban:"

func blockID(question string, row int) string {
	return blockPrefix + question + ":" + strconv.Itoa(row)
}

// questionOf gives the question that a block id belongs to, "" if it is none of ours.
func questionOf(blockID string) string {
	id, ours := strings.CutPrefix(blockID, blockPrefix)
	if !ours {
		return ""
	}
	end := strings.LastIndexByte(id, ':')
	if end < 0 {
		return ""
	}
	return id[:end]
}

func actionID(name string, index int) string {
	const longest = 200 // Slack allows 255
	if len(name) > longest {
		name = name[:longest]
	}
	return strings.ToValidUTF8(name, "") + ":" + strconv.Itoa(index)
}

// indexOf gives the choice that an action id stands for, -1 if none.
func indexOf(actionID string) int {
	i := strings.LastIndexByte(actionID, ':')
	n, err := strconv.Atoi(actionID[i+1:])
	if i < 0 || err != nil || n < 0 {
		return -1
	}
	return n
}

func choiceButton(c node.Choice, index int) message.Value {
	b := message.NewBuilder(6)
	b.Set("type", "button")
	b.Set("action_id", actionID(c.Name, index))
	b.Set("text", plain(c.Label))
	if c.Value != "" {
		b.Set("value", c.Value)
	}
	if slices.Contains([]string{"primary", "danger"}, c.Style) {
		b.Set("style", c.Style)
	}
	if confirm, ok := c.Confirm.(*message.Object); ok {
		b.Set("confirm", confirm)
	}
	return b.Object()
}

// link makes a button that opens a page and is no choice: its action id has no index.
func (a *arranger) link(c node.Choice, url string) message.Value {
	a.links++
	return message.NewObject("type", "button", "action_id", "link-"+strconv.Itoa(a.links), "text", plain(c.Label), "url", url)
}
