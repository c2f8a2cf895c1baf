package message

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

var (
	nan  = math.NaN()
	inf  = math.Inf(1)
	obj  = NewObject("a", 1.0)
	arr1 = NewArray(1.0)
)

func TestToString(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want string
	}{
		{nil, "undefined"}, {Null{}, "null"}, {true, "true"}, {false, "false"},
		{0.0, "0"}, {math.Copysign(0, -1), "0"}, {1.0, "1"}, {-1.5, "-1.5"}, {0.30000000000000004, "0.30000000000000004"},
		{1700000000000.0, "1700000000000"}, {1e21, "1e+21"}, {123456789012345680000.0, "123456789012345680000"},
		{1e-6, "0.000001"}, {1e-7, "1e-7"}, {1.5e-10, "1.5e-10"}, {5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"},
		{nan, "NaN"}, {inf, "Infinity"}, {-inf, "-Infinity"},
		{"x", "x"}, {Buffer("hé"), "hé"}, {Buffer("\xff"), "\uFFFD"},
		{NewArray(1.0, nil, Null{}, "a", NewArray(2.0, 3.0)), "1,,,a,2,3"}, {NewArray(), ""},
		{obj, "[object Object]"}, {&Handle{Class: "IncomingMessage"}, "[object Object]"},
		{NewError("TypeError", "no", ""), "TypeError: no"}, {NewError("", "no", ""), "no"}, {NewError("E", "", ""), "E"},
		{Date(nan), "Invalid Date"},
	} {
		if got := ToString(c.v); got != c.want {
			t.Errorf("ToString(%#v) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestToNumber(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want float64
	}{
		{nil, nan}, {Null{}, 0}, {true, 1}, {false, 0}, {2.5, 2.5}, {"", 0}, {"  12 \n", 12}, {"\u300012\ufeff", 12},
		{"0x1F", 31}, {"0b101", 5}, {"0o17", 15}, {"-0x1", nan}, {"0x", nan}, {"0xg", nan}, {"1_000", nan}, {"inf", nan}, {"Infinity", inf},
		{"-Infinity", -inf}, {"+5", 5}, {".5", .5}, {"5.", 5}, {".", nan}, {"1e3", 1000}, {"1e", nan}, {"1e999", inf}, {"nan", nan}, {"12px", nan},
		{NewArray(), 0}, {NewArray("7"), 7}, {NewArray(1.0, 2.0), nan}, {obj, nan}, {Date(5), 5}, {Buffer("8"), 8},
	} {
		if got := ToNumber(c.v); !equalNumbers(got, c.want) {
			t.Errorf("ToNumber(%#v) = %v, want %v", c.v, got, c.want)
		}
	}
}

func TestTruthyAndTypeOf(t *testing.T) {
	for _, c := range []struct {
		v      Value
		truthy bool
		typ    string
	}{
		{nil, false, "undefined"}, {Null{}, false, "object"}, {true, true, "boolean"}, {false, false, "boolean"},
		{0.0, false, "number"}, {nan, false, "number"}, {-1.0, true, "number"}, {"", false, "string"}, {"0", true, "string"},
		{Buffer(""), true, "object"}, {Date(0), true, "object"}, {NewArray(), true, "object"}, {NewObject(), true, "object"},
		{function(), true, "function"},
	} {
		if Truthy(c.v) != c.truthy || TypeOf(c.v) != c.typ {
			t.Errorf("%#v: truthy %v, typeof %s", c.v, Truthy(c.v), TypeOf(c.v))
		}
	}
}

func function() *Object {
	b := NewBuilder(0)
	b.Class("function")
	return b.Object()
}

func TestLooseEqual(t *testing.T) {
	date := Date(1700000000000)
	for _, c := range []struct {
		a, b Value
		want bool
	}{
		{nil, Null{}, true}, {nil, nil, true}, {Null{}, 0.0, false}, {nil, false, false}, {"", nil, false},
		{"1", 1.0, true}, {"1.0", 1.0, true}, {"1.0", "1", false}, {true, "1", true}, {true, 1.0, true}, {true, "true", false},
		{"", 0.0, true}, {"abc", nan, false}, {nan, nan, false},
		{NewArray(1.0), 1.0, true}, {NewArray("a"), "a", true}, {NewArray(1.0, 2.0), "1,2", true}, {obj, "[object Object]", true},
		{obj, obj, true}, {obj, NewObject("a", 1.0), false}, {arr1, arr1, true}, {Buffer("x"), "x", true}, {Buffer("x"), Buffer("x"), true},
		{date, float64(date), false}, {date, ToString(date), true}, {math.Copysign(0, -1), 0.0, true},
	} {
		if LooseEqual(c.a, c.b) != c.want || LooseEqual(c.b, c.a) != c.want {
			t.Errorf("LooseEqual(%v, %v) != %v", c.a, c.b, c.want)
		}
	}
}

func TestStrictEqual(t *testing.T) {
	if StrictEqual("1", 1.0) || !StrictEqual("a", "a") || StrictEqual(nan, nan) || !StrictEqual(Null{}, Null{}) || StrictEqual(nil, Null{}) {
		t.Error("StrictEqual is not ===")
	}
	if StrictEqual(NewObject("a", 1.0), NewObject("a", 1.0)) || !StrictEqual(obj, obj) {
		t.Error("objects must be equal to themselves only")
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b  Value
		order int
		ok    bool
	}{
		{1.0, 2.0, -1, true}, {"10", "9", -1, true}, {"10", 9.0, 1, true}, {nil, 1.0, 0, false}, {Null{}, 1.0, -1, true},
		{"a", 1.0, 0, false}, {Date(1), Date(2), -1, true}, {Date(3), 2.0, 1, true}, {NewArray("b"), "a", 1, true}, {true, 0.0, 1, true}, {"a", "a", 0, true},
		{"\U0001F600", "\uFFFD", -1, true}, {"\uFFFD", "\U0001F600", 1, true}, {"\U0001F600", "\U0001F601", -1, true}, {"a", "ab", -1, true},
	} {
		if order, ok := Compare(c.a, c.b); order != c.order || ok != c.ok {
			t.Errorf("Compare(%v, %v) = %d, %v", c.a, c.b, order, ok)
		}
	}
}

func TestStringLengthCountsUTF16(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "漢字": 2, "😀": 2, "a😀b": 4} {
		if got := StringLength(s); got != want {
			t.Errorf("StringLength(%q) = %d, want %d", s, got, want)
		}
	}
}

// TestNumbersAgainstNode compares both directions with a real JavaScript engine.
func TestNumbersAgainstNode(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: numbers are not compared with a JavaScript engine")
	}
	r := rand.New(rand.NewPCG(1, 2))
	numbers := make([]float64, 5000)
	bits := make([]string, len(numbers))
	for i := range numbers {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0
		}
		if i%2 == 0 { // also numbers of everyday size
			f = math.Trunc(r.Float64()*1e9) / math.Pow10(r.IntN(14))
		}
		numbers[i] = f
		bits[i] = FormatNumber(f)
	}
	in, _ := json.Marshal(bits)
	cmd := exec.CommandContext(t.Context(), "node", "-e",
		`const a=JSON.parse(require("fs").readFileSync(0));console.log(JSON.stringify(a.map(s=>String(Number(s)))))`)
	cmd.Stdin = strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs []string
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, s := range theirs {
		if s != bits[i] || ToNumber(s) != numbers[i] {
			t.Errorf("%v: we print %s, JavaScript prints %s", numbers[i], bits[i], s)
		}
	}
}
