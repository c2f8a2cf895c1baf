package js

import (
	"runtime"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
)

// atoms are the property names that the hand-over has met, so that the usual
// names of messages cost one map look-up.
type atoms struct {
	byName map[string]lib.TJSAtom
	byAtom map[lib.TJSAtom]string
}

// maxAtoms bounds the memory that a flow with ever new property names uses.
const maxAtoms = 1024

// atom gives the atom of name. release must be called when kept is false.
func (m *VM) atom(name string) (a lib.TJSAtom, kept bool) {
	if a, ok := m.atoms.byName[name]; ok {
		return a, true
	}
	a = lib.XJS_NewAtomLen(m.tls, m.ctx, addr(name), libc.Tsize_t(len(name)))
	runtime.KeepAlive(name)
	return a, m.keepAtom(a, name)
}

func (m *VM) keepAtom(a lib.TJSAtom, name string) bool {
	if len(m.atoms.byName) >= maxAtoms || a == 0 {
		return false
	}
	if m.atoms.byName == nil {
		m.atoms.byName = map[string]lib.TJSAtom{}
		m.atoms.byAtom = map[lib.TJSAtom]string{}
	}
	m.atoms.byName[name] = a
	m.atoms.byAtom[a] = name
	return true
}

func (m *VM) releaseAtom(a lib.TJSAtom, kept bool) {
	if !kept {
		lib.XJS_FreeAtom(m.tls, m.ctx, a)
	}
}

// atomName gives the text of an atom that someone else holds.
func (m *VM) atomName(a lib.TJSAtom) (string, bool) {
	if name, ok := m.atoms.byAtom[a]; ok {
		return name, true
	}
	p := lib.XJS_AtomToCStringLen(m.tls, m.ctx, 0, a)
	if p == 0 {
		return "", false
	}
	name := wellFormed(libc.GoString(p))
	lib.XJS_FreeCString(m.tls, m.ctx, p)
	if _, twice := m.atoms.byName[name]; !twice {
		if len(m.atoms.byName) < maxAtoms {
			m.keepAtom(lib.XJS_DupAtom(m.tls, m.ctx, a), name)
		}
	}
	return name, true
}

func (a *atoms) free(e engine) {
	for atom := range a.byAtom {
		lib.XJS_FreeAtom(e.tls, e.ctx, atom)
	}
	*a = atoms{}
}
