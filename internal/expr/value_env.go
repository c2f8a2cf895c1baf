package expr

import (
	"strings"

	"toban/internal/message"
)

// evalEnv is RED.util.evaluateEnvProperty: NAME and ${NAME} give the variable as
// it is, ${} inside a longer text is filled in. A missing variable is "".
func evalEnv(vars Vars, text string) message.Value {
	if vars == nil {
		return ""
	}
	if inner, ok := strings.CutPrefix(text, "${"); ok && strings.IndexByte(inner, '}') == len(inner)-1 && len(inner) > 1 {
		return getenv(vars, inner[:len(inner)-1])
	}
	if !hasReference(text) {
		return getenv(vars, text)
	}
	var b strings.Builder
	for {
		from := strings.Index(text, "${")
		if from < 0 {
			break
		}
		end := strings.IndexByte(text[from:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:from])
		if end == 2 { // ${} is no reference
			b.WriteString("${}")
		} else {
			b.WriteString(message.ToString(getenv(vars, text[from+2:from+end])))
		}
		text = text[from+end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// hasReference reports whether text has ${…} with something in it that is no white space.
func hasReference(text string) bool {
	from := strings.Index(text, "${")
	if from < 0 {
		return false
	}
	rest := text[from+2:]
	end := strings.IndexFunc(rest, message.IsSpace)
	if end < 0 {
		end = len(rest)
	}
	return strings.IndexByte(rest[:end], '}') > 0
}

func getenv(vars Vars, name string) message.Value {
	if v, ok := vars.Getenv(name); ok && v != nil {
		return v
	}
	return ""
}
