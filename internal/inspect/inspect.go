package inspect

import (
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"strings"

	"toban/internal/message"
)

// Text prints v with at most depth levels of objects below the outermost one;
// Node.js's own default is 2.
func Text(v message.Value, depth int) string {
	p := &printer{depth: depth}
	return p.value(v, 0)
}

// The limits of util.inspect.
const (
	breakLength = 80  // columns
	maxItems    = 100 // of an array
	maxBytes    = 50  // of a buffer
	compact     = 3   // inner levels that share a line if they fit
)

type printer struct {
	depth   int
	indent  int
	deepest int // level of the object formatted last, as Node.js counts it
}

func (p *printer) value(v message.Value, level int) string {
	switch v := v.(type) {
	case nil:
		return "undefined"
	case message.Null:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case float64:
		if v == 0 && math.Signbit(v) {
			return "-0"
		}
		return message.FormatNumber(v)
	case string:
		return quote(v)
	case message.Buffer:
		return buffer(v)
	case message.Date:
		if iso := v.ISO(); iso != "" {
			return iso
		}
		return "Invalid Date"
	case *message.Array:
		return p.array(v, level)
	case *message.Object:
		return p.object(v, level)
	case *message.Handle:
		return v.Class + " {}"
	}
	return "undefined"
}

// quote chooses the quotes that need no escape, as Node.js does.
func quote(s string) string {
	q := "'"
	if strings.Contains(s, "'") {
		switch {
		case !strings.Contains(s, `"`):
			q = `"`
		case !strings.Contains(s, "`") && !strings.Contains(s, "${"):
			q = "`"
		}
	}
	s = escapes.Replace(s)
	if q == "'" {
		s = strings.ReplaceAll(s, "'", `\'`)
	}
	return q + s + q
}

var escapes = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`, "\v", `\v`)

func buffer(b message.Buffer) string {
	var sb strings.Builder
	sb.WriteString("<Buffer")
	for i := range min(len(b), maxBytes) {
		sb.WriteString(" " + hex.EncodeToString([]byte{b[i]}))
	}
	if more := len(b) - maxBytes; more > 0 {
		fmt.Fprintf(&sb, " ... %d more byte%s", more, plural(more))
	}
	return sb.String() + ">"
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func (p *printer) array(a *message.Array, level int) string {
	if a.Len() == 0 {
		return "[]"
	}
	if level > p.depth {
		return "[Array]"
	}
	p.deepest = level
	var items []string
	for i, item := range a.All() {
		if i == maxItems {
			more := a.Len() - maxItems
			items = append(items, fmt.Sprintf("... %d more item%s", more, plural(more)))
			break
		}
		p.indent += 2
		items = append(items, p.value(item, level+1))
		p.indent -= 2
	}
	return p.join("[", items, "]", level)
}

var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z_0-9]*$`)

func (p *printer) object(o *message.Object, level int) string {
	open, fields := head(o)
	if len(fields) == 0 {
		if o.Class() == "Error" {
			return open
		}
		return strings.TrimPrefix(open+" {}", " ")
	}
	if level > p.depth {
		return "[" + className(o) + "]"
	}
	p.deepest = level
	var items []string
	for _, key := range fields {
		name := key
		if !identifier.MatchString(name) {
			name = quote(name)
		}
		p.indent += 2
		items = append(items, name+": "+p.value(o.Get(key), level+1))
		p.indent -= 2
	}
	if open != "" {
		open += " "
	}
	return p.join(open+"{", items, "}", level)
}

// head gives what stands before the braces, and the properties inside them. Of
// an Error that is its stack, or its name and message.
func head(o *message.Object) (open string, fields []string) {
	if o.Class() != "Error" {
		return o.Class(), o.Keys()
	}
	for _, key := range o.Keys() {
		if key != "name" && key != "message" && key != "stack" {
			fields = append(fields, key)
		}
	}
	if stack := o.Text("stack"); stack != "" {
		return stack, fields
	}
	return "[" + o.Text("name") + ": " + o.Text("message") + "]", fields
}

func className(o *message.Object) string {
	if o.Class() == "" {
		return "Object"
	}
	return o.Class()
}

// join puts the parts on one line if the innermost levels allow it and it fits,
// else each on its own.
func (p *printer) join(open string, parts []string, end string, level int) string {
	if p.deepest-level < compact {
		length := 2*len(parts) + p.indent + len(open) + 10
		for _, part := range parts {
			length += len([]rune(part))
		}
		if line := strings.Join(parts, ", "); length <= breakLength && !strings.Contains(line, "\n") {
			return open + " " + line + " " + end
		}
	}
	pad := "\n" + strings.Repeat(" ", p.indent)
	return open + pad + "  " + strings.Join(parts, ","+pad+"  ") + pad + end
}
