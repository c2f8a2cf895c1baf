package expr

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/recolabs/gnata"
)

// gnata keeps its value and function types internal. This file is the only place
// that reaches them: types are learned from values that gnata gives out, and a
// changed layout stops the program at start, in every test.

// orderedMap has the layout of gnata's object, which keeps the order of its names.
type orderedMap struct {
	keys []string
	data map[string]any
}

// object is what gnata's objects can do.
type object interface {
	Set(key string, v any)
	Get(key string) (any, bool)
	Keys() []string
	Len() int
	Range(f func(key string, v any) bool)
}

// plainFunc and envFunc are gnata's two kinds of built-in functions.
type plainFunc = func(args []any, focus any) (any, error)

var (
	gnataRoot   = gnata.NewCustomEnv(nil)
	gnataNull   = mustEval("null")
	objectType  = learnObject()
	envFuncType = reflect.TypeOf(mustLookup("map"))
	plainType   = reflect.TypeOf(mustLookup("sum"))
)

func mustEval(src string) any {
	e, err := gnata.Compile(src)
	if err != nil {
		panic(err)
	}
	v, err := e.Eval(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	return v
}

func mustLookup(name string) any {
	v, ok := gnataRoot.Lookup(name)
	if !ok {
		panic("gnata has no function " + name)
	}
	return v
}

func learnObject() reflect.Type {
	t := reflect.TypeOf(mustEval(`{"a":1}`)).Elem()
	want := reflect.TypeFor[orderedMap]()
	if t.NumField() != 2 || t.Field(0).Type != want.Field(0).Type || t.Field(1).Type != want.Field(1).Type || t.Size() != want.Size() {
		panic(fmt.Sprintf("gnata's object %s has an unknown layout", t))
	}
	return t
}

// newObject makes a gnata object with room for n names.
func newObject(n int) (any, *orderedMap) {
	m := &orderedMap{keys: make([]string, 0, n), data: make(map[string]any, n)}
	return reflect.NewAt(objectType, unsafe.Pointer(m)).Interface(), m
}

func (m *orderedMap) set(key string, v any) {
	if _, present := m.data[key]; !present {
		m.keys = append(m.keys, key)
	}
	m.data[key] = v
}

// environment is what gnata's scopes can do.
type environment interface {
	Context() context.Context
	Bind(name string, v any)
}

// function gives f as gnata's own function type, so that arguments reach it as
// they are. The type parameter is gnata's environment, which has no name outside.
func function[E environment](_ E, f func(args []any, focus any, env E) (any, error)) any {
	return reflect.ValueOf(f).Convert(envFuncType).Interface()
}

// builtin gives gnata's function of the name in callable form.
func builtin[E environment](_ E, name string) func(args []any, focus any, env E) (any, error) {
	switch v := reflect.ValueOf(mustLookup(name)); {
	case v.Type() == envFuncType:
		return v.Convert(reflect.TypeFor[func(args []any, focus any, env E) (any, error)]()).Interface().(func([]any, any, E) (any, error))
	case v.Type() == plainType:
		f := v.Convert(reflect.TypeFor[plainFunc]()).Interface().(plainFunc)
		return func(args []any, focus any, _ E) (any, error) { return f(args, focus) }
	default:
		panic("gnata's function " + name + " has an unknown type")
	}
}
