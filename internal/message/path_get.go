package message

// Get reads the property. A missing property is undefined; reading below
// undefined or null is an error, as it is in JavaScript.
func (p Path) Get(root Value) (Value, error) {
	v := root
	for _, s := range p.parts {
		if s.nested != nil {
			r, err := p.resolve(s, root)
			if err != nil {
				return nil, err
			}
			s = r
		}
		if IsNullish(v) {
			return nil, pathError("message.path.no_parent", p.expr, "name", s.name, "parent", ToString(v))
		}
		v = property(v, s)
	}
	return v, nil
}

// property is v[s] for a value that isn't nullish. Methods and other inherited
// properties are undefined.
func property(v Value, s part) Value {
	switch v := v.(type) {
	case *Object:
		return v.Get(s.name)
	case *Array:
		return arrayProperty(v, s)
	case string:
		return stringProperty(v, s)
	case Buffer:
		return bufferProperty(v, s)
	}
	return nil
}

// Property is v[name] and whether v has such a property of its own, as JavaScript's
// values do: arrays, strings and Buffers have their items and their length.
func Property(v Value, name string) (child Value, present bool) {
	if o, ok := v.(*Object); ok {
		return o.Lookup(name)
	}
	if IsNullish(v) {
		return nil, false
	}
	s := part{name: name, index: -1}
	child = property(v, s)
	if a, ok := v.(*Array); ok && child == nil {
		i, isIndex := s.arrayIndex()
		return nil, isIndex && i < a.Len()
	}
	return child, child != nil
}

func arrayProperty(a *Array, s part) Value {
	if i, ok := s.arrayIndex(); ok {
		return a.At(i)
	}
	if s.name == "length" {
		return float64(a.Len())
	}
	return nil
}

func stringProperty(text string, s part) Value {
	if i, ok := s.arrayIndex(); ok {
		if c, ok := charAt(text, i); ok {
			return c
		}
		return nil
	}
	if s.name == "length" {
		return float64(StringLength(text))
	}
	return nil
}

func bufferProperty(b Buffer, s part) Value {
	if i, ok := s.arrayIndex(); ok {
		if i < len(b) {
			return float64(b[i])
		}
		return nil
	}
	if s.name == "length" || s.name == "byteLength" {
		return float64(len(b))
	}
	return nil
}

// arrayIndex is the index that s means on an array; a name like "0" counts.
func (s part) arrayIndex() (int, bool) {
	if s.index >= 0 {
		return s.index, true
	}
	n, ok := arrayIndex(s.name)
	return int(n), ok
}
