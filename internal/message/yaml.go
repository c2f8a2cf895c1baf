package message

import (
	"errors"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"toban/internal/locale"
)

// maxYAMLNodes bounds what the aliases of a YAML text can make of it.
const maxYAMLNodes = 1_000_000

// ParseYAML reads one YAML document with order kept; timestamps are Dates, binary
// is a Buffer. An empty text is undefined, as js-yaml has it.
func ParseYAML(text string) (Value, error) {
	if len(text) > MaxJSONSize {
		return nil, locale.Errorf("message.json.large", "size", len(text), "max", MaxJSONSize)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, locale.Errorf("message.yaml.syntax").Because(errors.New(strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	r := yamlReader{}
	return r.value(doc.Content[0], 0)
}

type yamlReader struct{ nodes int }

func (r *yamlReader) value(n *yaml.Node, depth int) (Value, error) {
	if r.nodes++; r.nodes > maxYAMLNodes || depth > MaxJSONDepth {
		return nil, locale.Errorf("message.yaml.large")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		items := make([]Value, len(n.Content))
		for i, item := range n.Content {
			v, err := r.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			items[i] = v
		}
		return NewArray(items...), nil
	case yaml.MappingNode:
		return r.mapping(n, depth)
	}
	return yamlScalar(n)
}

func (r *yamlReader) mapping(n *yaml.Node, depth int) (Value, error) {
	b := NewBuilder(len(n.Content) / 2)
	merged := []*Object{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v, err := r.value(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if n.Content[i].Tag == "!!merge" {
			merged = append(merged, mergeSources(v)...)
			continue
		}
		key, err := r.value(n.Content[i], depth+1)
		if err != nil {
			return nil, err
		}
		b.Set(ToString(key), v)
	}
	for _, source := range merged {
		for key, v := range source.All() {
			if findField(b.fields, b.index, key) < 0 {
				b.Set(key, v)
			}
		}
	}
	return b.Object(), nil
}

// mergeSources are the objects that a << key names.
func mergeSources(v Value) []*Object {
	switch v := v.(type) {
	case *Object:
		return []*Object{v}
	case *Array:
		var out []*Object
		for _, item := range v.All() {
			if o, ok := item.(*Object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

func yamlScalar(n *yaml.Node) (Value, error) {
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, locale.Errorf("message.yaml.syntax").Because(err)
	}
	switch v := v.(type) {
	case nil:
		return Null{}, nil
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case time.Time:
		return DateOf(v), nil
	case []byte:
		return Buffer(v), nil
	case string:
		if n.Tag == "!!binary" {
			return Buffer(v), nil
		}
		return strings.ToValidUTF8(v, "\uFFFD"), nil
	}
	return v, nil
}
