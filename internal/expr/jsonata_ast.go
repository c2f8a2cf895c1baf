package expr

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/recolabs/gnata"

	"toban/internal/locale"
)

// shape is what an expression needs of the message.
type shape struct {
	// whole says that the message may be seen as a whole; otherwise only the
	// properties in names can be reached, and only these are converted.
	whole bool
	names []string
	// legacy says that the message is the property msg of what is evaluated, as
	// Node-RED has it when the expression speaks of msg.
	legacy bool
	// variables are the names of all variables, without $.
	variables []string
}

var legacyMsg = regexp.MustCompile(`(^|[^a-zA-Z0-9_'".])msg([^a-zA-Z0-9_'"]|$)`)

// takesContext are the functions that take the object they stand on when they
// are called with fewer arguments than this.
var takesContext = map[string]int{
	"string": 1, "keys": 1, "spread": 1, "each": 2, "sift": 2, "lookup": 2, "type": 1, "boolean": 1, "not": 1,
	"merge": 1, "clone": 1, "values": 1, "exists": 1, "count": 1, "append": 2, "eval": 99, "error": 1, "assert": 1,
}

// takesRegexp are the functions that take a regular expression.
var takesRegexp = map[string]bool{"match": true, "contains": true, "split": true, "replace": true}

// refused are functions that Node-RED has and Toban can't give.
var refused = map[string]bool{"moment": true}

// inspector walks the syntax tree, which gnata keeps to itself, by reflection.
type inspector struct {
	source  string
	shape   shape
	names   map[string]bool
	allowed map[uintptr]bool // nodes that are fine where they stand
	steps   map[uintptr]bool // nodes that are steps of a path
	bad     error
}

func inspect(source string, compiled *gnata.Expression) (shape, error) {
	in := inspector{source: source, names: map[string]bool{}, allowed: map[uintptr]bool{}, steps: map[uintptr]bool{}}
	in.shape.legacy = legacyMsg.MatchString(source)
	in.walk(reflect.ValueOf(compiled).Elem().FieldByName("ast"))
	in.shape.names = slices.Sorted(maps.Keys(in.names))
	return in.shape, in.bad
}

// walk visits every node below v, parents first.
func (in *inspector) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Type().Elem().Name() == "Node" {
			in.visit(v.Elem(), v.Pointer())
		}
		in.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			in.walk(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			in.walk(v.Index(i))
		}
	}
}

func (in *inspector) visit(n reflect.Value, at uintptr) {
	value := n.FieldByName("Value").String()
	switch n.FieldByName("Type").String() {
	case "name", "string":
		in.names[value] = true
		if n.FieldByName("KeepArray").Bool() && !in.steps[at] {
			in.refuse(value + "[]") // gnata keeps the array only inside a path
		}
		if in.shape.legacy && value == "msg" && !in.allowed[at] {
			in.shape.whole = true
		}
	case "path":
		in.path(n.FieldByName("Steps"))
	case "wildcard", "descendant", "parent", "transform":
		in.shape.whole = true
	case "variable":
		in.variable(value, at)
	case "function", "partial":
		in.call(n)
	case "regex":
		in.regexp(value, at)
	}
}

// path lets msg.x pass as a use of x alone.
func (in *inspector) path(steps reflect.Value) {
	for i := range steps.Len() {
		in.steps[steps.Index(i).Pointer()] = true
	}
	if steps.Len() < 2 {
		return
	}
	first, second := steps.Index(0), steps.Index(1).Elem()
	if kind := second.FieldByName("Type").String(); kind == "name" || kind == "string" {
		in.allowed[first.Pointer()] = true
	}
}

func (in *inspector) variable(name string, at uintptr) {
	if refused[name] {
		in.refuse("$" + name)
	}
	in.shape.variables = append(in.shape.variables, name)
	if _, takes := takesContext[name]; name == "" || name == "$" || takes && !in.allowed[at] {
		in.shape.whole = true
	}
}

// call marks the callee and a regular expression argument as fine where they are.
func (in *inspector) call(n reflect.Value) {
	callee, args := n.FieldByName("Procedure"), n.FieldByName("Arguments")
	if callee.IsNil() || callee.Elem().FieldByName("Type").String() != "variable" {
		return
	}
	name := callee.Elem().FieldByName("Value").String()
	if args.Len() >= takesContext[name] {
		in.allowed[callee.Pointer()] = true
	}
	if takesRegexp[name] {
		for i := range args.Len() {
			in.allowed[args.Index(i).Pointer()] = true
		}
	}
}

// regexp compiles a regular expression literal, so that a bad one is found at
// deploy. Elsewhere than as an argument of the functions that take it, it is a
// function in JSONata, which gnata doesn't have.
func (in *inspector) regexp(raw string, at uintptr) {
	pattern, flags := splitRegexp(raw)
	if strings.Trim(flags, "img") != "" {
		in.refuse("/" + pattern + "/" + flags)
		return
	}
	if _, err := cachedRegexp(pattern, flags); err != nil && in.bad == nil {
		in.bad = locale.Errorf("expr.jsonata.syntax", "expr", in.source).Because(err)
	}
	if !in.allowed[at] {
		in.refuse("/" + pattern + "/" + flags)
	}
}

func (in *inspector) refuse(feature string) {
	if in.bad == nil {
		in.bad = locale.Errorf("expr.jsonata.unsupported", "expr", in.source, "feature", feature)
	}
}

// splitRegexp takes a literal apart: gnata gives it as pattern/flags, with the flag
// g always there, as in JSONata.
func splitRegexp(raw string) (pattern, flags string) {
	i := strings.LastIndexByte(raw, '/')
	if i < 0 {
		return raw, ""
	}
	return raw[:i], raw[i+1:]
}
