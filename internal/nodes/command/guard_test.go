package command

import (
	"strings"
	"testing"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node/nodetest"
)

// rendered renders a command's text on its own.
func rendered(t *testing.T, text string, raw bool, msg *message.Object) (string, error) {
	t.Helper()
	template, err := expr.ParseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	h := nodetest.New(t, nodetest.Registered(t, "command", Register), message.NewObject())
	c := &Command{Text: text, Raw: raw, env: h.Env, text: template}
	if err := c.checkQuoting(); err != nil {
		return "", err
	}
	return c.render(msg)
}

// TestUntrustedText is what a stranger can put into a mail: the attack cases.
func TestUntrustedText(t *testing.T) {
	list := func(v ...message.Value) *message.Array { return message.NewArray(v...) }
	const plain, quoted = "do {{{x}}}", "do {{#sh}}{{{x}}}{{/sh}}"
	for _, test := range []struct {
		name, template string
		value          message.Value
		want, key      string // the text, or the key of the error
	}{
		{"an instance id", plain, "i-0123456789abcdef0", "do i-0123456789abcdef0", ""},
		{"all harmless characters", plain, "aZ09_./:@%+=,-", "do aZ09_./:@%+=,-", ""},
		{"a number", plain, 42.0, "do 42", ""},
		{"true", plain, true, "do true", ""},
		{"false", plain, false, "do false", ""},
		{"a list of one", plain, list("i-1"), "do i-1", ""},

		{"1 semicolon", plain, "i-1;id", "", "command.unsafe_value"},
		{"1 pipe", plain, "i-1|id", "", "command.unsafe_value"},
		{"1 ampersand", plain, "i-1&id", "", "command.unsafe_value"},
		{"1 substitution", plain, "$(id)", "", "command.unsafe_value"},
		{"1 backtick", plain, "`id`", "", "command.unsafe_value"},
		{"1 newline", plain, "i-1\nid", "", "command.unsafe_value"},
		{"1 carriage return", plain, "i-1\rid", "", "command.unsafe_value"},
		{"1 NUL", plain, "i-1\x00", "", "command.unsafe_value"},
		{"1 NUL, quoted", quoted, "i-1\x00", "", "command.unsafe_value"},
		{"1 blank", plain, "i-1 i-2", "", "command.unsafe_value"},
		{"1 glob", plain, "/tmp/*", "", "command.unsafe_value"},
		{"1 home", plain, "~root", "", "command.unsafe_value"},
		{"1 two braces don't help", "do {{x}}", "i-1;id", "", "command.unsafe_value"},
		{"1 what HTML escapes is not for shells", "do {{x}}", "/tmp/x", "", "command.escaped_value"},
		{"2 option", plain, "-rf", "", "command.option_value"},
		{"2 long option", plain, "--profile", "", "command.option_value"},
		{"3 single quote in a quoted slot", "do '{{{x}}}'", "a'b", "", "command.unsafe_value"},
		{"3 double quote in a quoted slot", `do "{{{x}}}"`, `a"b`, "", "command.unsafe_value"},
		{"3 backslash", plain, `a\`, "", "command.unsafe_value"},
		{"3 here-document", "cat <<E\n{{{x}}}\nE", "a\nE\nid", "", "command.unsafe_value"},
		{"4 several", plain, list("i-1", "i-2"), "", "command.several_values"},
		{"4 none", plain, list(), "", "command.empty_value"},
		{"4 list in a list", plain, list(list("i-1", "i-2")), "", "command.several_values"},
		{"4 object", plain, message.NewObject("a", "b"), "", "command.object_value"},
		{"4 object in a list", plain, list(message.NewObject("a", "b")), "", "command.object_value"},
		{"4 empty", plain, "", "", "command.empty_value"},
		{"4 undefined", plain, nil, "", "command.empty_value"},
		{"4 null", plain, message.Null{}, "", "command.empty_value"},
		{"5 full-width semicolon", plain, "i-1；id", "", "command.unsafe_value"},
		{"5 look-alike", plain, "і-1", "", "command.unsafe_value"},
		{"5 other direction", plain, "i-1\u202e", "", "command.unsafe_value"},
		{"5 no width", plain, "i-1\u200b", "", "command.unsafe_value"},
		{"6 what a charset's escape turns into", plain, "i-1\x1b$B;\x1b(B", "", "command.unsafe_value"},
		{"6 bytes that are no text", plain, message.Buffer("i-1\xff"), "", "command.unsafe_value"},

		{"quoted", quoted, "it's; $(id) `id`\n-x", `do 'it'\''s; $(id) ` + "`id`\n-x'", ""},
		{"quoted, empty", quoted, "", "do ''", ""},
		{"quoted, undefined", quoted, nil, "do ''", ""},
		{"quoted, several", quoted, list("a", "b"), "do 'a,b'", ""},
		{"quoted among text", "do {{#sh}}<{{{x}}}>{{/sh}} {{{x}}}", "a", "do '<a>' a", ""},
		{"quotes in quotes", "do '{{#sh}}{{{x}}}{{/sh}}'", "a", "", "command.quote_in_quotes"},
		{"quotes in quotes in a section", "{{#x}}do '{{#sh}}{{{x}}}{{/sh}}'{{/x}}", "a", "", "command.quote_in_quotes"},
		{"quotes in a here-document", "cat <<E\n{{#sh}}{{{x}}}{{/sh}}\nE", "a", "", "command.quote_in_quotes"},
		{"quotes twice", "do {{#sh}}{{#sh}}{{{x}}}{{/sh}}{{/sh}}", "a", "", "command.nested_quote"},
		{"checked in a section, too", "{{#x}}do {{{.}}}{{/x}}", list("a", "b;"), "", "command.unsafe_value"},
		{"each of several", "{{#x}}do {{{.}}};{{/x}}", list("a", "b"), "do a;do b;", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := rendered(t, test.template, false, message.NewObject("x", test.value))
			if test.key == "" && err != nil || got != test.want || test.key != "" && !locale.HasKey(err, test.key) {
				t.Fatalf("got %q, %v", got, err)
			}
			if err != nil {
				checkTexts(t, err)
			}
		})
	}
}

// checkTexts: both languages, no place left open, nothing unseen in it.
func checkTexts(t *testing.T, err error) {
	t.Helper()
	en, ja := locale.EN.Err(err), locale.JA.Err(err)
	if en == ja {
		t.Errorf("only one language: %s", en)
	}
	for _, text := range []string{en, ja} {
		for _, open := range []string{"{name}", "{value}", "{character}", "{count}", "{before}", "{values}", "\u202e", "\u200b", "\x1b", "\x00"} {
			if strings.Contains(text, open) {
				t.Errorf("%q in %q", open, text)
			}
		}
	}
}

func TestErrorNamesTheCharacterAndTheMend(t *testing.T) {
	_, err := rendered(t, "do {{{mail.id}}}", false, message.NewObject("mail", message.NewObject("id", "i-1；id")))
	for _, part := range []string{"mail.id", "；", "U+FF1B", "{{#sh}}{{{mail.id}}}{{/sh}}"} {
		if !strings.Contains(err.Error(), part) || !strings.Contains(locale.JA.Err(err), part) {
			t.Errorf("%q is missing in %v", part, err)
		}
	}
}

func TestRawChecksNothing(t *testing.T) {
	got, err := rendered(t, "{{{x}}} {{#sh}}{{{x}}}{{/sh}}", true, message.NewObject("x", "a; b"))
	if err != nil || got != "a; b 'a; b'" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := rendered(t, "{{{x}}}", true, message.NewObject("x", "a\x00b")); err == nil {
		t.Error("a NUL, where the shell would cut the text off, was let through")
	}
}

func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"i-0123", "", "-x", "a b", "\xff", "；", "a\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := guard(expr.Interpolation{Name: "x", Value: text, Text: text, Raw: true})
		allowed := text != "" && text[0] != '-'
		for _, c := range []byte(text) {
			allowed = allowed && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_./:@%+=,-", c) >= 0)
		}
		if (err == nil) != allowed {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil {
			_ = locale.JA.Err(err)
		}
	})
}
