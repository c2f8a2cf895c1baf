package message

import "testing"

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b Value
		want bool
	}{
		{nan, nan, true}, {0.0, 1.0, false}, {"1", 1.0, false}, {nil, Null{}, false}, {Date(nan), Date(nan), true}, {Date(1), 1.0, false},
		{NewObject("a", 1.0, "b", NewArray(2.0)), NewObject("b", NewArray(2.0), "a", 1.0), true},
		{NewObject("a", nil), NewObject("b", nil), false}, {NewObject("a", nil), NewObject(), false},
		{NewArray(1.0, 2.0), NewArray(2.0, 1.0), false}, {NewArray(1.0), NewArray(1.0), true}, {Buffer("a"), "a", false},
		{NewError("E", "m", ""), NewObject("name", "E", "message", "m"), false},
	} {
		if Equal(c.a, c.b) != c.want || Equal(c.b, c.a) != c.want {
			t.Errorf("Equal(%#v, %#v) != %v", c.a, c.b, c.want)
		}
	}
}

func TestObjectOrder(t *testing.T) {
	o := NewObject("b", 1.0, "10", 2.0, "a", 3.0, "9", 4.0, "01", 5.0).With("b", 6.0).With("2", 7.0).Without("a")
	if got, _ := Stringify(o, 0); got != `{"2":7,"9":4,"10":2,"b":6,"01":5}` {
		t.Error(got)
	}
	big := NewBuilder(0)
	for i := range 100 {
		big.Set(FormatNumber(float64(99-i)), float64(i))
		big.Set("k"+FormatNumber(float64(i)), float64(i))
	}
	if o := big.Object(); o.Len() != 200 || o.Keys()[0] != "0" || o.Keys()[100] != "k0" || o.Get("42") != 57.0 || o.With("k5", 1.0).Get("k5") != 1.0 {
		t.Errorf("a large object is wrong: %v", o.Keys())
	}
}
