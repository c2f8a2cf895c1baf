package expr

import (
	"fmt"
	"strings"
	"testing"

	"toban/internal/message"
)

// show writes a result so that undefined, null and numbers can be told apart.
func show(v message.Value) string {
	if text, ok := message.Stringify(v, 0); ok {
		return text
	}
	return "undefined"
}

func evalJSONata(t *testing.T, source string, msg *message.Object) string {
	t.Helper()
	e, err := CompileJSONata(source)
	if err != nil {
		return "compile: " + err.Error()
	}
	v, err := e.Eval(t.Context(), nil, msg)
	if err != nil {
		return "error: " + err.Error()
	}
	return show(v)
}

const mail = "Dear Amazon EC2 Customer,\n\nYour instance:\n\ni-0123456789abcdef0\n\nSincerely\n"

// TestSeedExpression covers what frontops flows ask of JSONata (the article's form
// and the flow's form with its tab).
func TestSeedExpression(t *testing.T) {
	two := strings.Replace(mail, "abcdef0\n", "abcdef0\ni-0fedcba9876543210\n", 1)
	crlf := strings.ReplaceAll(two, "\n", "\r\n")
	for _, c := range []struct {
		payload                 message.Value
		seed, article, indented string
	}{
		{mail, `"i-0123456789abcdef0"`, `["i-0123456789abcdef0"]`, ""},
		{strings.ReplaceAll(mail, "\n", "\r\n"), `"i-0123456789abcdef0"`, `["i-0123456789abcdef0"]`, ""},
		{two, `["i-0123456789abcdef0","i-0fedcba9876543210"]`, `["i-0123456789abcdef0","i-0fedcba9876543210"]`, ""},
		{crlf, `["i-0123456789abcdef0","i-0fedcba9876543210"]`, `["i-0123456789abcdef0","i-0fedcba9876543210"]`, ""},
		{"nothing here, see i-1 inside a line", "undefined", "undefined", ""},
		{"", "undefined", "undefined", ""},
		{nil, "undefined", "undefined", ""},
	} {
		msg := message.NewObject("topic", "t", "payload", c.payload, "other", message.NewObject("x", 1.0))
		if got := evalJSONata(t, "$match(payload, /^(i-\\w+)/m).groups[0]\t", msg); got != c.seed {
			t.Errorf("%.40q: seed's form gives %s, want %s", c.payload, got, c.seed)
		}
		if got := evalJSONata(t, `$match(payload, /^(i-\w+)/m).groups`, msg); got != c.article {
			t.Errorf("%.40q: article's form gives %s, want %s", c.payload, got, c.article)
		}
	}
}

func BenchmarkJSONata(b *testing.B) {
	body := strings.Repeat("Dear Amazon EC2 Customer, we have important news about your account (AWS Account ID: 1).\r\n", 11)
	body += "i-0123456789abcdef0\r\n" + strings.Repeat("If you have any questions or concerns, you can contact the AWS Support Team on the forums.\r\n", 10)
	header := message.NewBuilder(24)
	for i := range 24 {
		header.Set(fmt.Sprintf("x-header-%d", i), "some value of a header")
	}
	msg := message.NewObject("_msgid", "0123456789abcdef", "topic", "Amazon EC2 Maintenance", "payload", body, "header", header.Object())
	for _, c := range []struct{ name, source string }{
		{"seed", "$match(payload, /^(i-\\w+)/m).groups[0]\t"},
		{"path", "header.`x-header-3`"},
		{"concat", `$uppercase(topic) & " " & $substring(payload, 0, 20)`},
		{"whole", `$keys($)`},
	} {
		b.Run(c.name, func(b *testing.B) {
			e, err := CompileJSONata(c.source)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(b.Context(), nil, msg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
