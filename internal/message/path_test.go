package message

import (
	"strings"
	"testing"
)

// shape writes the steps of a path so that names, indexes and references can be told apart.
func shape(p Path) string {
	var out []string
	for _, s := range p.parts {
		switch {
		case s.nested != nil:
			out = append(out, "<"+shape(*s.nested)+">")
		case s.index >= 0:
			out = append(out, "#"+s.name)
		default:
			out = append(out, s.name)
		}
	}
	return strings.Join(out, "|")
}

func TestParsePath(t *testing.T) {
	for expr, want := range map[string]string{
		"a":                   "a",
		"a.b.c":               "a|b|c",
		`a["b"]["c"]`:         "a|b|c",
		`a['b'].c`:            "a|b|c",
		"a[0].c":              "a|#0|c",
		"a.0.c":               "a|#0|c",
		"a.007.c":             "a|#7|c",
		"a.0":                 "a|0", // the last name is never an index without brackets
		"a[0][1][22]":         "a|#0|#1|#22",
		"a['a.b[0]'].c":       "a|a.b[0]|c",
		"'1.2.3.4'":           "1.2.3.4",
		"'a.b'[1]":            "a.b|#1",
		"'a.b'.c":             "a.b|c",
		"a[msg.b]":            "a|<b>",
		"a[msg[msg.b]]":       "a|<msg|<b>>",
		"a[msg['b][']]":       "a|<msg|b][>",
		"b[msg.a][2]":         "b|<a>|#2",
		"a.$b.c":              "a|$b|c",
		"a._b.c":              "a|_b|c",
		`a["日本 語"]`:           "a|日本 語",
		"日本.x":                "日本|x",
		"a[1].b[msg.x.y[0]]z": "a|#1|b|<x|y|#0>|z",
	} {
		p, err := ParsePath(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
		} else if got := shape(p); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, expr := range []string{
		"", "a'b'.c", "a['b'.c", "a[]", "a]", "a[", "a[0d]", "a['", "a[']", "a[0']", "a.[0]", "[0]", "a[0", "a.", ".a",
		"a. b", " a.b", "a[0].[1]", "a['']", "'a.b'c", "a[b]", "a[msg.]", "a[msg[]", "a[msg.[]]", "a[msg['af]]", "a.é",
		"a" + strings.Repeat("[msg.a", 1000) + strings.Repeat("]", 1000),
	} {
		if p, err := ParsePath(expr); err == nil {
			t.Errorf("%q was taken as %s", expr, shape(p))
		}
	}
}

func msgOf(json string) Value {
	v, err := ParseJSON(json)
	if err != nil {
		panic(err)
	}
	return v
}

func TestPathGet(t *testing.T) {
	msg := msgOf(`{"payload":{"a":[{"b":1},"xyz"],"n":null,"t":"h😀"},"topic":"a","i":1,"k":"payload"}`)
	for expr, want := range map[string]Value{
		"payload.a[0].b":          1.0,
		"msg.payload.a[0].b":      1.0,
		"payload.a[1]":            "xyz",
		"payload.a.length":        2.0,
		"payload.a[1].length":     3.0,
		"payload.a[1][1]":         "y",
		"payload.t.length":        3.0,
		"payload.a[9]":            nil,
		"payload.x":               nil,
		"payload.n":               Null{},
		"payload[msg.topic][1]":   "xyz",
		"payload.a[msg.i]":        "xyz",
		"i.x":                     nil,
		`["payload"]`:             "refused",
		"payload[msg.topic][0].b": 1.0,
	} {
		p, err := ParseMsgPath(expr)
		if err != nil {
			if want != "refused" {
				t.Errorf("%s: %v", expr, err)
			}
			continue
		}
		if got, err := p.Get(msg); err != nil || !Equal(got, want) {
			t.Errorf("%s = %v, %v; want %v", expr, got, err, want)
		}
	}
	for _, expr := range []string{"x.y", "payload.n.x", "payload[msg.none]", "payload.a[7].b"} {
		p, err := ParseMsgPath(expr)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := p.Get(msg); err == nil {
			t.Errorf("%s = %v, want an error", expr, v)
		}
	}
}

func TestPathSet(t *testing.T) {
	for _, c := range []struct {
		root, expr string
		v          Value
		want       string // "" when nothing may change
	}{
		{`{"a":1}`, "b", 2.0, `{"a":1,"b":2}`},
		{`{}`, "a.b.c", 1.0, `{"a":{"b":{"c":1}}}`},
		{`{}`, "a[1].b", 1.0, `{"a":[null,{"b":1}]}`},
		{`{}`, "a.0.b", 1.0, `{"a":[{"b":1}]}`},
		{`{"a":[1,2]}`, "a[0]", 9.0, `{"a":[9,2]}`},
		{`{"a":[1]}`, "a[3]", 9.0, `{"a":[1,null,null,9]}`},
		{`{"a":"text"}`, "a.b", 1.0, ""},
		{`{"a":null}`, "a.b", 1.0, ""},
		{`{"a":[5]}`, "a[0].b", 1.0, ""},
		{`{"a":{"x":1},"k":"x"}`, "a[msg.k]", 2.0, `{"a":{"x":2},"k":"x"}`},
		{`{"a":{"x":1}}`, "a.x", nil, `{"a":{}}`},
		{`{"a":[1,2,3]}`, "a[1]", nil, `{"a":[1,3]}`},
		{`{"a":1}`, "b.c", nil, ""},
		{`{"a":1}`, "b", nil, `{"a":1}`},
		{`{}`, "a[0]", Null{}, `{"a":[null]}`},
	} {
		p, err := ParseMsgPath(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		before := msgOf(c.root)
		got, ok, err := p.Set(before, c.v)
		text, _ := Stringify(got, 0)
		if err != nil || ok != (c.want != "") || ok && text != c.want || !ok && text != c.root {
			t.Errorf("%s: %s = %v gives %s, %v, %v", c.root, c.expr, c.v, text, ok, err)
		}
		if now, _ := Stringify(before, 0); now != c.root {
			t.Errorf("%s: %s changed the old value to %s", c.root, c.expr, now)
		}
	}
}

func TestPathSetBounds(t *testing.T) {
	p, _ := ParsePath("a[4000000000]")
	if _, ok, err := p.Set(NewObject(), 1.0); ok || err == nil {
		t.Error("an index of four billion was taken")
	}
	p, _ = ParsePath("a[1]")
	if v, ok, _ := p.Set(NewObject("a", Buffer("abc")), 120.0); !ok || v.(*Object).Get("a") != Buffer("axc") {
		t.Errorf("buffer byte: %v", v)
	}
	p, _ = ParsePath("a.b")
	if _, ok, _ := p.SetExisting(NewObject(), 1.0); ok {
		t.Error("SetExisting made a parent")
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"a.b[0]['c d'][msg.x]", "a[msg[msg.b]]", "'x'[1]", "a[", `a["`, "a.0.1"} {
		f.Add(s)
	}
	msg := msgOf(`{"a":{"b":[{"c d":{"k":1}}]},"x":"k"}`)
	f.Fuzz(func(t *testing.T, expr string) {
		p, err := ParsePath(expr)
		if err != nil {
			return
		}
		_, _ = p.Get(msg)
		set, ok, err := p.Set(msg, "new")
		if err != nil || !ok {
			return
		}
		if got, err := p.Get(set); (err != nil || got != "new") && !p.Nested() {
			t.Errorf("%q: set, then get gives %v, %v", expr, got, err)
		}
		r, err := p.Resolve(msg)
		if err != nil {
			t.Fatalf("%q: set but does not resolve: %v", expr, err)
		}
		if _, err := ParsePath(r.String()); err != nil && !strings.ContainsAny(expr, `'"`) {
			t.Errorf("%q renders as %q: %v", expr, r.String(), err)
		}
	})
}
