package library

import (
	"regexp"
	"strings"
)

// Node-RED writes an entry's properties as comments at the beginning of the
// file, one a line: "// name: Stop an instance".
var headerLine = regexp.MustCompile(`^// (\w+): (.*)$`)

var propertyName = regexp.MustCompile(`^\w+$`)

// Property is one property of an entry: its name, the number of outputs of a function.
type Property struct{ Name, Value string }

var (
	toLine   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	fromLine = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

// withHeader gives a file's text. Properties whose names can't stand in a
// header are left out.
func withHeader(properties []Property, body string) string {
	var b strings.Builder
	for _, p := range properties {
		if propertyName.MatchString(p.Name) {
			b.WriteString("// " + p.Name + ": " + toLine.Replace(p.Value) + "\n")
		}
	}
	b.WriteString(body)
	return b.String()
}

// splitHeader parts a file's text into its properties and what follows them.
func splitHeader(text string) (properties []Property, body string) {
	for {
		line, rest, more := strings.Cut(text, "\n")
		m := headerLine.FindStringSubmatch(line)
		if m == nil {
			return properties, text
		}
		properties = append(properties, Property{m[1], fromLine.Replace(m[2])})
		if !more {
			return properties, ""
		}
		text = rest
	}
}
