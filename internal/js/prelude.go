package js

import (
	_ "embed"
	"errors"
	"runtime"
	"sync"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
	"modernc.org/quickjs"

	"toban/internal/locale"
	"toban/internal/message"
)

//go:embed prelude/core.js
var coreSource string

//go:embed prelude/buffer.js
var bufferSource string

//go:embed prelude/web.js
var webSource string

//go:embed prelude/url.js
var urlSource string

// builtin is compiled once for the process; a VM loads its bytecode.
var builtin = sync.OnceValues(func() (*Script, error) {
	return Compile("prelude", "(function(host){"+coreSource+bufferSource+webSource+urlSource+"return core;})")
})

// core are the functions of the prelude that Go calls.
type core struct {
	revive, takeApart, buffer, fire, all, host lib.TJSValue
	vm                                         *VM
}

func (m *VM) boot() error {
	m.join()
	m.addHandleClass()
	m.core = core{undefined, undefined, undefined, undefined, undefined, undefined, m}
	script, err := builtin()
	if err != nil {
		return err
	}
	make, err := m.Load(script)
	if err != nil {
		return err
	}
	defer make.Free()
	m.core.host = m.newHost()
	made, err := m.Call(make, m.Host())
	if err != nil {
		return err
	}
	m.core.all = rawOf(made)
	m.core.revive = m.member(made, "revive")
	m.core.takeApart = m.member(made, "takeApart")
	m.core.buffer = m.member(made, "buffer")
	m.core.fire = m.member(made, "fire")
	lib.XJS_SetClassProto(m.tls, m.ctx, handleClass.id, m.member(made, "handleProto"))
	return nil
}

// Host is the function host(op, …args), for the preludes of callers. It is the VM's.
func (m *VM) Host() Value { return m.wrap(m.core.host) }

// Core is the prelude's object of helpers: clone, isHandle, format, show. It is the VM's.
func (m *VM) Core() Value { return m.wrap(m.core.all) }

func (m *VM) member(of Value, name string) lib.TJSValue {
	a, kept := m.atom(name)
	defer m.releaseAtom(a, kept)
	return lib.XJS_GetPropertyInternal(m.tls, m.ctx, rawOf(of), a, rawOf(of), 0)
}

// Member gives a property of an object of the VM; the caller frees it.
func (m *VM) Member(of Value, name string) Value { return m.wrap(m.member(of, name)) }

func (c *core) free() {
	if c.vm == nil {
		return
	}
	for _, v := range []lib.TJSValue{c.revive, c.takeApart, c.buffer, c.fire, c.all, c.host} {
		c.vm.free(v)
	}
	*c = core{}
}

// Script is compiled JavaScript that any VM can load.
type Script struct{ code string }

// compiler compiles scripts, so that a mistake is found, and the parsing paid,
// before and without the VM that runs them.
var compiler struct {
	sync.Mutex
	vm *quickjs.VM
}

// Compile parses source, an expression or a script whose last statement's
// value counts. A mistake is a Thrown SyntaxError whose stack names name and
// the place, with lineNumber and columnNumber.
func Compile(name, source string) (*Script, error) {
	compiler.Lock()
	defer compiler.Unlock()
	if compiler.vm == nil {
		vm, err := quickjs.NewVM()
		if err != nil {
			return nil, locale.Errorf("js.start").Because(err)
		}
		compiler.vm = vm
	}
	code, err := compiler.vm.Compile(source, quickjs.EvalGlobal)
	if err != nil {
		return nil, syntaxError(name, err)
	}
	return &Script{string(code)}, nil
}

func syntaxError(name string, err error) error {
	e, ok := errors.AsType[*quickjs.Error](err)
	if !ok {
		return err
	}
	v := message.NewError(e.Name, e.Message, e.Error()+"\n    at "+name)
	return Thrown{v.With("lineNumber", float64(e.LineNumber)).With("columnNumber", float64(e.ColumnNumber))}
}

// Load runs a script in the VM and gives its value.
func (m *VM) Load(s *Script) (Value, error) {
	m.enter()
	defer m.leave()
	p := lib.XJS_ReadObject(m.tls, m.ctx, addr(s.code), libc.Tsize_t(len(s.code)), lib.MJS_READ_OBJ_BYTECODE)
	runtime.KeepAlive(s)
	if tagOf(p) == lib.EJS_TAG_EXCEPTION {
		return m.Undefined(), m.pending()
	}
	v := lib.XJS_EvalFunction(m.tls, m.ctx, p)
	if tagOf(v) == lib.EJS_TAG_EXCEPTION {
		return m.Undefined(), m.pending()
	}
	return m.wrap(v), nil
}
