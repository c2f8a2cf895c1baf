package message

// maxArrayGap bounds how far behind the end of an array a path may write:
// arrays are dense here, so a stray index would cost memory.
const maxArrayGap = 1 << 20

// Set gives root with the property set to v and all missing parents made: an
// array where the next step is an index, else an object. Undefined deletes the
// property instead (see [Path.Delete]). ok is false when a parent on the way is
// neither an object nor an array; then root is unchanged.
func (p Path) Set(root, v Value) (newRoot Value, ok bool, err error) {
	if v == nil {
		return p.Delete(root)
	}
	return p.change(root, func(parent Value, s part) (Value, bool) { return setProperty(parent, s, v) }, true)
}

// SetExisting is Set without making missing parents; ok is false if one is missing.
func (p Path) SetExisting(root, v Value) (newRoot Value, ok bool, err error) {
	if v == nil {
		return p.Delete(root)
	}
	return p.change(root, func(parent Value, s part) (Value, bool) { return setProperty(parent, s, v) }, false)
}

// Delete gives root without the property; an array item is cut out, so that the
// ones behind it move up. ok is false when a parent is missing.
func (p Path) Delete(root Value) (newRoot Value, ok bool, err error) {
	return p.change(root, deleteProperty, false)
}

// change rebuilds the way from root to the last step, whose parent edit replaces.
func (p Path) change(root Value, edit func(Value, part) (Value, bool), create bool) (Value, bool, error) {
	resolved, err := p.Resolve(root)
	if err != nil {
		return root, false, err
	}
	for _, s := range resolved.parts {
		if s.index >= maxArrayGap {
			return root, false, pathError("message.path.index_too_large", p.expr, "index", s.name)
		}
	}
	if len(resolved.parts) == 0 {
		return root, false, nil
	}
	out, ok := descend(root, resolved.parts, edit, create)
	if !ok {
		return root, false, nil
	}
	return out, true, nil
}

func descend(v Value, parts []part, edit func(Value, part) (Value, bool), create bool) (Value, bool) {
	if len(parts) == 1 {
		return edit(v, parts[0])
	}
	child, ok := childOf(v, parts[0])
	if !ok {
		if !create {
			return nil, false
		}
		child = emptyParent(parts[1])
	}
	if !isObject(child) {
		return nil, false // nothing can be made below a text or a number
	}
	changed, ok := descend(child, parts[1:], edit, create)
	if !ok {
		return nil, false
	}
	return setProperty(v, parts[0], changed)
}

// childOf gives the value of a step and whether it is there. An array item that
// is undefined counts as missing; an object's property that is undefined is there.
func childOf(v Value, s part) (Value, bool) {
	switch v := v.(type) {
	case *Object:
		return v.Lookup(s.name)
	case *Array:
		child := arrayProperty(v, s)
		return child, child != nil
	}
	return nil, false
}

func emptyParent(next part) Value {
	if next.index >= 0 {
		return emptyArray
	}
	return emptyObject
}

func setProperty(parent Value, s part, v Value) (Value, bool) {
	switch parent := parent.(type) {
	case *Object:
		return parent.With(s.name, v), true
	case *Array:
		if i, ok := s.arrayIndex(); ok && i < maxArrayGap {
			return parent.With(i, v), true
		}
	case Buffer:
		if i, ok := s.arrayIndex(); ok {
			return setByte(parent, i, v), true
		}
	}
	return nil, false
}

// setByte is buffer[i] = v: the number's low byte; outside the buffer nothing happens.
func setByte(b Buffer, i int, v Value) Buffer {
	if i >= len(b) {
		return b
	}
	bytes := []byte(b)
	if n := ToNumber(v); n == n && n < 1<<53 && n > -1<<53 {
		bytes[i] = byte(int64(n))
	} else {
		bytes[i] = 0
	}
	return Buffer(bytes)
}

func deleteProperty(parent Value, s part) (Value, bool) {
	switch parent := parent.(type) {
	case *Object:
		return parent.Without(s.name), true
	case *Array:
		if i, ok := s.arrayIndex(); ok {
			return parent.Without(i), true
		}
	}
	return parent, true
}
