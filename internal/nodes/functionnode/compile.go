package functionnode

import (
	"errors"
	"regexp"
	"strings"

	"toban/internal/js"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// code is what a node's JavaScript was compiled to; absent parts are nil.
type code struct {
	main, initialize, finalize *js.Script
	callsDone                  bool // node.done is called: the code ends its steps itself
}

// headerLines is the number of lines that compile puts before the code.
const headerLines = 1

var awaits = regexp.MustCompile(`\bawait\b`)

// compile makes functions of the node's code. Code without the word await
// needs no async function, which saves its promise.
func (n *Function) compile() (c code, err error) {
	c.callsDone = doneCall.MatchString(withoutTexts(n.Func))
	async := ""
	if awaits.MatchString(n.Func) {
		async = "async "
	}
	if c.main, err = n.compilePart("function.part.func", async+"function(msg,node)", n.Func); err != nil {
		return c, err
	}
	if strings.TrimSpace(n.Initialize) != "" {
		if c.initialize, err = n.compilePart("function.part.initialize", "async function(node)", n.Initialize); err != nil {
			return c, err
		}
	}
	if strings.TrimSpace(n.Finalize) != "" {
		if c.finalize, err = n.compilePart("function.part.finalize", "function(node)", n.Finalize); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (n *Function) compilePart(part, head, body string) (*js.Script, error) {
	s, err := js.Compile(n.env.Label(), "("+head+"{\n"+body+"\n})")
	if err == nil {
		return s, nil
	}
	line, column := 0.0, 0.0
	if t, ok := errors.AsType[js.Thrown](err); ok {
		o, _ := t.Value.(*message.Object)
		line, _ = o.Get("lineNumber").(float64)
		column, _ = o.Get("columnNumber").(float64)
		err = node.Thrown{Value: t.Value}
	}
	return nil, locale.Errorf("function.syntax", "part", locale.Errorf(part).In(n.env.Lang()),
		"line", int(line)-headerLines, "column", int(column)).Because(err)
}

var doneCall = regexp.MustCompile(`\bnode\s*\.\s*done\s*\(`)

// withoutTexts blanks comments and string literals, so that a node.done() in
// one of them doesn't count. It needn't be exact: the price of a mistake is a
// step that ends early or late.
func withoutTexts(source string) string {
	return textOrComment.ReplaceAllString(source, " ")
}

var textOrComment = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`)
