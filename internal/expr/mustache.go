package expr

import (
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// RenderOptions change how a template is rendered. The zero value is plain mustache.
type RenderOptions struct {
	// Vars serve env.NAME, flow.x, flow[store].x, global.x and global[store].x;
	// nil leaves such names empty.
	Vars Vars
	// EscapeJSON escapes backslashes and control characters of strings that stand
	// directly in the message, as Node-RED's template node does for its JSON output.
	EscapeJSON bool
	// Value, if set, sees each interpolated value that prints and gives what is
	// written in its place.
	Value func(Interpolation) (string, error)
	// Missing says that Value sees undefined and null values as well, with an
	// empty text: in a shell command, nothing is not harmless.
	Missing bool
	// Wrap names sections that are no data: their content is always rendered, in
	// the surrounding context, and then passed through the function.
	Wrap map[string]func(content string) (string, error)
}

// Interpolation is one {{name}} or {{{name}}} about to be written.
type Interpolation struct {
	Name  string
	Value message.Value // undefined and null only with Missing
	Text  string        // what mustache writes: HTML-escaped unless Raw
	Raw   bool          // {{{name}}} or {{&name}}
	// Sections are the names of the enclosing sections, outermost first. Valid
	// only during the call.
	Sections []string
}

// Within reports whether the interpolation stands in a section of that name.
func (in Interpolation) Within(section string) bool {
	for _, s := range in.Sections {
		if s == section {
			return true
		}
	}
	return false
}

// maxRendered and maxTemplateSteps bound what a template can make of nested sections.
const (
	maxRendered      = 64 << 20
	maxTemplateSteps = 5_000_000
)

// Render fills the template from a message. Missing values, null and undefined
// print nothing, everything else prints as JavaScript's String does.
func (t *Template) Render(msg message.Value, options RenderOptions) (string, error) {
	if len(t.tokens) == 1 && t.tokens[0].kind == 't' {
		return t.tokens[0].text, nil
	}
	r := renderer{options: &options, views: make([]message.Value, 1, 4)}
	r.views[0] = msg
	r.out.Grow(len(t.source) + 64)
	if err := r.tokens(t.tokens); err != nil {
		return "", err
	}
	return r.out.String(), nil
}

type renderer struct {
	options  *RenderOptions
	out      strings.Builder
	views    []message.Value // the message, then what the sections pushed
	sections []string
	steps    int
}

func (r *renderer) tokens(tokens []token) error {
	for i := range tokens {
		tok := &tokens[i]
		if r.steps++; r.steps > maxTemplateSteps || r.out.Len() > maxRendered {
			return locale.Errorf("expr.template.large")
		}
		var err error
		switch tok.kind {
		case 't':
			r.out.WriteString(tok.text)
		case 'n', '&':
			err = r.value(tok)
		case '#':
			err = r.section(tok)
		case '^':
			err = r.inverted(tok)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *renderer) value(tok *token) error {
	v, err := r.lookup(tok)
	if err != nil {
		return err
	}
	if message.IsNullish(v) {
		return r.missing(tok, v)
	}
	text := message.ToString(v)
	if _, isNumber := v.(float64); tok.kind == 'n' && !isNumber {
		text = EscapeHTML(text)
	}
	if r.options.Value != nil {
		text, err = r.options.Value(Interpolation{tok.text, v, text, tok.kind == '&', r.sections})
	}
	r.out.WriteString(text)
	return err
}

func (r *renderer) missing(tok *token, v message.Value) error {
	if r.options.Value == nil || !r.options.Missing {
		return nil
	}
	text, err := r.options.Value(Interpolation{tok.text, v, "", tok.kind == '&', r.sections})
	r.out.WriteString(text)
	return err
}

func (r *renderer) section(tok *token) error {
	if wrap, ok := r.options.Wrap[tok.text]; ok {
		return r.wrap(tok, wrap)
	}
	v, err := r.lookup(tok)
	if err != nil || !message.Truthy(v) || message.TypeOf(v) == "function" {
		return err
	}
	r.sections = append(r.sections, tok.text)
	defer func() { r.sections = r.sections[:len(r.sections)-1] }()
	switch v := v.(type) {
	case bool:
		return r.tokens(tok.inner)
	case *message.Array:
		for _, item := range v.All() {
			if err := r.within(item, tok.inner); err != nil {
				return err
			}
		}
		return nil
	}
	return r.within(v, tok.inner)
}

// within renders with v as the innermost view.
func (r *renderer) within(v message.Value, tokens []token) error {
	if r.steps++; r.steps > maxTemplateSteps {
		return locale.Errorf("expr.template.large")
	}
	r.views = append(r.views, v)
	err := r.tokens(tokens)
	r.views = r.views[:len(r.views)-1]
	return err
}

func (r *renderer) wrap(tok *token, wrap func(string) (string, error)) error {
	inner := renderer{options: r.options, views: r.views, sections: append(r.sections, tok.text), steps: r.steps}
	if err := inner.tokens(tok.inner); err != nil {
		return err
	}
	r.steps = inner.steps
	text, err := wrap(inner.out.String())
	r.out.WriteString(text)
	return err
}

func (r *renderer) inverted(tok *token) error {
	v, err := r.lookup(tok)
	if err != nil {
		return err
	}
	if a, isArray := v.(*message.Array); message.Truthy(v) && !(isArray && a.Len() == 0) {
		return nil
	}
	r.sections = append(r.sections, tok.text)
	err = r.tokens(tok.inner)
	r.sections = r.sections[:len(r.sections)-1]
	return err
}

// escapes are mustache.js's: more than HTML needs.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "/", "&#x2F;", "`", "&#x60;", "=", "&#x3D;")

// EscapeHTML escapes a text as {{name}} does.
func EscapeHTML(s string) string {
	if !strings.ContainsAny(s, "&<>\"'/`=") {
		return s
	}
	return escapes.Replace(s)
}
