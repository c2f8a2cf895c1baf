package command

import (
	"fmt"
	"strings"
	"unicode"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// harmless are the characters that mean nothing to a shell, in quotes or without.
const harmless = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-"

// guard checks a value before it is written into a command. It must be one
// word of [harmless] characters and not begin with "-", which commands would
// take for an option. An empty value would make the next word take its place.
// A list is refused even if its elements are harmless: what the template says of
// one thing would be done to all at once. A list of one counts as its element.
func guard(in expr.Interpolation) error {
	for list, ok := in.Value.(*message.Array); ok && list.Len() > 0; list, ok = in.Value.(*message.Array) {
		if list.Len() > 1 {
			return locale.Errorf("command.several_values", "name", in.Name, "count", list.Len(), "values", brief(in.Text))
		}
		in.Value = list.At(0)
	}
	if _, isObject := in.Value.(*message.Object); isObject {
		return locale.Errorf("command.object_value", "name", in.Name)
	}
	if in.Text == "" {
		return locale.Errorf("command.empty_value", "name", in.Name)
	}
	if strings.HasPrefix(in.Text, "-") {
		return locale.Errorf("command.option_value", "name", in.Name, "value", brief(in.Text))
	}
	if !in.Raw && in.Text != message.ToString(in.Value) && wordEnd(message.ToString(in.Value)) < 0 {
		return locale.Errorf("command.escaped_value", "name", in.Name, "value", brief(message.ToString(in.Value)))
	}
	if at := wordEnd(in.Text); at >= 0 {
		return locale.Errorf("command.unsafe_value", "name", in.Name, "value", brief(in.Text),
			"character", character(in.Text[at:]))
	}
	return nil
}

// wordEnd gives the place of the first character that isn't harmless, -1 if there is none.
func wordEnd(s string) int {
	return strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(harmless, r) })
}

// character names the first character of s so that a person recognises it, also
// if it can't be seen or looks like another one.
func character(s string) string {
	r := []rune(s)[0]
	switch {
	case r == ' ':
		return "U+0020 (space)"
	case r == '\n':
		return "U+000A (newline)"
	case unicode.IsPrint(r) && !unicode.IsSpace(r):
		return fmt.Sprintf("%c (U+%04X)", r, r)
	}
	return fmt.Sprintf("U+%04X", r)
}

// brief is the beginning of a value, with what can't be seen made visible.
func brief(s string) string {
	const most = 60
	runes := []rune(s[:min(len(s), 4*most)])
	quoted := fmt.Sprintf("%q", string(runes[:min(len(runes), most)]))
	if len(s) > len(string(runes[:min(len(runes), most)])) {
		return quoted + "…"
	}
	return quoted
}
