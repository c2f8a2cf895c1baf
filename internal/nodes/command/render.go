package command

import (
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/sshx"
)

// quoteSection is the section whose content becomes one quoted word.
const quoteSection = "sh"

// render fills the command's template in, checking every value on the way.
func (c *Command) render(msg *message.Object) (string, error) {
	return c.fill(msg, func(in expr.Interpolation) (string, error) {
		if strings.Contains(in.Text, "\x00") {
			return "", locale.Errorf("command.unsafe_value", "name", in.Name, "value", brief(in.Text), "character", "U+0000")
		}
		if c.Raw || in.Within(quoteSection) {
			return in.Text, nil
		}
		return in.Text, guard(in)
	})
}

// checkQuoting finds {{#sh}} in a place where it can't work, at deploy. What
// stands in sections that an empty message doesn't show is found by render.
func (c *Command) checkQuoting() error {
	if strings.Contains(c.Text, "\x00") {
		return locale.Errorf("command.nul")
	}
	_, err := c.fill(message.NewObject(), func(expr.Interpolation) (string, error) { return "x", nil })
	return err
}

// fill renders the template. The content of {{#sh}} first stands between NULs,
// which nothing else may contain; once the whole text is there, each is quoted
// if its place allows it.
func (c *Command) fill(msg *message.Object, value func(expr.Interpolation) (string, error)) (string, error) {
	text, err := c.text.Render(msg, expr.RenderOptions{
		Vars: node.VarsOf(c.env), Value: value, Missing: true,
		Wrap: map[string]func(string) (string, error){quoteSection: func(content string) (string, error) {
			if strings.Contains(content, "\x00") {
				return "", locale.Errorf("command.nested_quote")
			}
			return "\x00" + content + "\x00", nil
		}},
	})
	if err != nil {
		return "", err
	}
	return quoteMarked(text)
}

// quoteMarked quotes what stands between two NULs.
func quoteMarked(text string) (string, error) {
	var b strings.Builder
	var q quoting
	for {
		before, rest, marked := strings.Cut(text, "\x00")
		q.feed(before)
		b.WriteString(before)
		if !marked {
			return b.String(), nil
		}
		content, after, _ := strings.Cut(rest, "\x00")
		if !q.free() {
			return "", locale.Errorf("command.quote_in_quotes", "before", brief(lastLine(b.String())))
		}
		b.WriteString(sshx.Quote(content))
		q.word()
		text = after
	}
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }
