package bridge

import (
	"encoding/base64"
	"fmt"
	"math"

	"toban/internal/message"
)

// resolve replaces every {"$":[tag, …]} in a parsed value by what it stands for.
func resolve(v message.Value) (message.Value, error) {
	switch v := v.(type) {
	case *message.Array:
		return resolveItems(v)
	case *message.Object:
		if tagged, ok := v.Get("$").(*message.Array); ok {
			return untag(tagged)
		}
		return resolveFields("", v)
	default:
		return v, nil
	}
}

func resolveItems(a *message.Array) (message.Value, error) {
	items := make([]message.Value, a.Len())
	for i, item := range a.All() {
		var err error
		if items[i], err = resolve(item); err != nil {
			return nil, err
		}
	}
	return message.NewArray(items...), nil
}

func resolveFields(class string, fields *message.Object) (message.Value, error) {
	b := message.NewBuilder(fields.Len())
	b.Class(class)
	for key, raw := range fields.All() {
		v, err := resolve(raw)
		if err != nil {
			return nil, err
		}
		b.Set(key, v)
	}
	return b.Object(), nil
}

func untag(t *message.Array) (message.Value, error) {
	tag, _ := t.At(0).(string)
	switch tag {
	case "undef":
		return nil, nil
	case "num":
		return untagNumber(t.At(1))
	case "buf":
		text, _ := t.At(1).(string)
		raw, err := base64.StdEncoding.DecodeString(text)
		return message.Buffer(raw), err
	case "date":
		if ms, ok := t.At(1).(float64); ok {
			return message.Date(ms), nil
		}
		return message.Date(math.NaN()), nil
	case "obj":
		return untagFields("", t)
	case "err":
		return untagFields("Error", t)
	case "opaque":
		name, _ := t.At(1).(string)
		return resolveFields(name, message.NewObject())
	default:
		return untagClass(tag, t)
	}
}

func untagFields(class string, t *message.Array) (message.Value, error) {
	fields, ok := t.At(1).(*message.Object)
	if !ok {
		return nil, fmt.Errorf("tag %q wants an object", t.At(0))
	}
	return resolveFields(class, fields)
}

func untagNumber(v message.Value) (message.Value, error) {
	switch v {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(1), nil
	case "-Infinity":
		return math.Inf(-1), nil
	case "-0":
		return math.Copysign(0, -1), nil
	default:
		return nil, fmt.Errorf("unknown number %v", v)
	}
}

// classTags are the tags of JavaScript classes that have no type of their own
// here: the class of the object that holds such a value, and the properties
// that hold what follows the tag.
var classTags = map[string]struct {
	class string
	parts []string
}{
	"re":   {"RegExp", []string{"source", "flags"}},
	"big":  {"BigInt", []string{"value"}},
	"map":  {"Map", []string{"entries"}},
	"set":  {"Set", []string{"values"}},
	"fn":   {"Function", []string{"name"}},
	"circ": {"Circular", []string{"levels"}},
}

func untagClass(tag string, t *message.Array) (message.Value, error) {
	form, known := classTags[tag]
	if !known {
		return nil, fmt.Errorf("unknown tag %q", tag)
	}
	fields := message.NewBuilder(len(form.parts))
	for i, part := range form.parts {
		fields.Set(part, t.At(i+1))
	}
	return resolveFields(form.class, fields.Object())
}

// tagOf gives the tag of a class.
func tagOf(class string) (tag string, parts []string, known bool) {
	for tag, form := range classTags {
		if form.class == class {
			return tag, form.parts, true
		}
	}
	return "", nil, false
}
