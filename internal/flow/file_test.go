package flow

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
)

func TestParseErrorsNameThePlace(t *testing.T) {
	deep := strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1)
	for _, c := range []struct{ name, text, key, says string }{
		{"empty", "", "flow.not_json", "line 1, column 1"},
		{"cut off", "[\n  {\"id\": \"a\",\n", "flow.not_json", "line 3, column 1"},
		{"stray comma", "[\n  {\"id\": \"a\"},\n]", "flow.not_json", "line 3, column 1"},
		{"columns are characters", "[\"当番\" x]", "flow.not_json", "line 1, column 7"},
		{"more than one value", "[] []", "flow.not_json", "line 1, column 4"},
		{"a text", `"x"`, "flow.not_array", "array"},
		{"an object without flows", `{"rev":"1"}`, "flow.not_array", "array"},
		{"an entry that is no node", `[{"id":"a"},3]`, "flow.not_node", "Entry 1"},
		{"too deep", "[" + deep + "]", "flow.too_deep", "100"},
		{"absurdly deep", strings.Repeat("[", 100_000), "flow.too_deep", "100"},
		{"too many", "[" + strings.Repeat("{},", MaxNodes) + "{}]", "flow.too_many", "50001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if !locale.HasKey(err, c.key) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s with %q", err, c.key, c.says)
			}
		})
	}
	if _, err := Parse(make([]byte, MaxSize+1)); !locale.HasKey(err, "flow.too_large") {
		t.Errorf("too large: %v", err)
	}
}

func TestParseTakesBothBodiesOfTheAdminAPI(t *testing.T) {
	v2 := mustParse(t, `{"flows":[{"id":"a"}],"rev":"r1","credentials":{"a":{"password":"p"},"b":1}}`)
	if v2.Rev != "r1" || len(v2.Nodes) != 1 || v2.Credentials["a"].Text("password") != "p" || v2.Credentials["b"] != nil {
		t.Errorf("version 2: %+v", v2)
	}
	if v1 := mustParse(t, "\ufeff[{\"id\":\"a\"}]"); v1.Rev != "" || len(v1.Nodes) != 1 || v1.Credentials != nil {
		t.Errorf("version 1: %+v", v1)
	}
}

func TestRoundTripKeepsEverything(t *testing.T) {
	const text = `[{"z":"t","id":"a","type":"no such","port":"993","n":1.5,"big":1e+21,"on":true,"off":null,"wires":[["b"],[]],` +
		`"legacy":{"nested":[1,{"x":"当番 <b>"}]},"env":[]},{"id":"a"},{"type":"no id"}]`
	if got := string(mustParse(t, text).JSON()); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
	if got := mustParse(t, string(mustParse(t, text).Pretty())).JSON(); string(got) != text {
		t.Errorf("by way of Pretty: %s", got)
	}
}

func TestSeedRoundTrip(t *testing.T) {
	for _, name := range []string{"flow.clipboard.txt", "flow.json"} {
		data := seedFile(t, name)
		var want bytes.Buffer
		if err := json.Compact(&want, data); err != nil {
			t.Fatal(err)
		}
		file := mustParse(t, string(data))
		if diff := cmp.Diff(want.String(), string(file.JSON())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The hash is what `node -e` gives for sha256(JSON.stringify(JSON.parse(text))).
func TestRevisionIsNodeREDs(t *testing.T) {
	const want = "6edaeb8b549da960b4c54ecc0be863302a9805856da271777e4c79c1a94f6c62"
	file := mustParse(t, ` [ {"id":"a", "label":"当番/x", "n":1.0, "e":1e21} ] `)
	if got := file.Revision(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSplitCredentials(t *testing.T) {
	file := mustParse(t, `[{"id":"a","credentials":{"password":"p"},"x":1},{"id":"b","credentials":"odd"}]`)
	clean, creds := file.SplitCredentials()
	if got, want := string(clean.JSON()), `[{"id":"a","x":1},{"id":"b"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(creds) != 1 || creds["a"].Text("password") != "p" {
		t.Errorf("credentials: %v", creds)
	}
	if !strings.Contains(string(file.JSON()), "password") {
		t.Error("the file itself was changed")
	}
}
