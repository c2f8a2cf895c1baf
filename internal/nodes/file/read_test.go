package file

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		format, encoding, all, text string
		want                        []string
	}{
		{"utf8", "none", "", "日\n", []string{`{"_msgid":"m","payload":"日\n","topic":"t","more":1,"filename":"a.txt"}`}},
		{"utf8", "Shift_JIS", "", "\x93\xfa", []string{`{"_msgid":"m","payload":"日","topic":"t","more":1,"filename":"a.txt"}`}},
		{"", "none", "", "\xff", []string{`{"_msgid":"m","payload":{"type":"Buffer","data":[255]},"topic":"t","more":1,"filename":"a.txt"}`}},
		{"lines", "none", "", "a\nb", []string{
			`{"topic":"t","filename":"a.txt","payload":"a","parts":{"index":0,"ch":"\n","type":"string","id":"m"}}`,
			`{"topic":"t","filename":"a.txt","payload":"b","parts":{"index":1,"count":2,"ch":"\n","type":"string","id":"m"}}`}},
		{"lines", "none", "true", "a", []string{
			`{"_msgid":"m","payload":"a","topic":"t","more":1,"filename":"a.txt","parts":{"index":0,"count":1,"ch":"\n","type":"string","id":"m"}}`}},
		{"stream", "none", "", "ab", []string{
			`{"topic":"t","filename":"a.txt","payload":{"type":"Buffer","data":[97,98]},"parts":{"index":0,"count":1,"ch":"","type":"buffer","id":"m"}}`}},
		{"stream", "none", "", "", nil},
	} {
		d := load(t, "file in", "filename", "a.txt", "format", c.format, "encoding", c.encoding, "allProps", c.all)
		d.put("a.txt", c.text)
		out, err := d.give("_msgid", "m", "payload", "old", "topic", "t", "more", 1.0)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
		}
		var got []string
		for _, msg := range out {
			text, _ := message.Stringify(msg, 0)
			got = append(got, text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s: %s", c.format, c.encoding, diff)
		}
	}
}

func TestStreamInChunks(t *testing.T) {
	for _, c := range []struct {
		size   int
		sizes  []int
		counts []message.Value
	}{
		{chunkSize + 1, []int{chunkSize, 1}, []message.Value{nil, 2.0}},
		{2 * chunkSize, []int{chunkSize, chunkSize, 0}, []message.Value{nil, nil, 2.0}},
	} {
		d := load(t, "file in", "filename", "a.bin", "format", "stream")
		d.put("a.bin", strings.Repeat("x", c.size))
		out, err := d.give("topic", "t")
		if err != nil || len(out) != len(c.sizes) {
			t.Fatalf("%d messages, %v", len(out), err)
		}
		for i, msg := range out {
			data, _ := msg.Get("payload").(message.Buffer)
			parts := msg.Get("parts").(*message.Object)
			if len(data) != c.sizes[i] || parts.Get("count") != c.counts[i] || parts.Get("index") != float64(i) {
				t.Errorf("%d: %d bytes, parts %v", i, len(data), parts)
			}
		}
	}
}

// Reading changes nothing: it is done in rehearsals and needs no reservation.
func TestReadingIsSafe(t *testing.T) {
	d := load(t, "file in", "filename", "a.txt")
	_, effect, err := d.Plan(message.NewObject())
	if err != nil || !effect.Safe || !effect.Local || effect.Preview.Target != d.path("a.txt") {
		t.Errorf("%+v, %v", effect, err)
	}
}

func TestNameLosesLineBreaks(t *testing.T) {
	d := load(t, "file in", "filename", "", "format", "utf8")
	d.put("a.txt", "x")
	if out, err := d.give("filename", "a.\ttxt\r\n"); err != nil || out[0].Text("filename") != "a.txt" {
		t.Errorf("%v, %v", out, err)
	}
}

func TestUnreadable(t *testing.T) {
	for _, c := range []struct {
		name, code, mend string
		send             message.Value
	}{
		{"no.txt", "ENOENT", "Check the path", nil},
		{"no.txt", "ENOENT", "Check the path", false},
		{"folder", "EISDIR", "name of a file", true},
	} {
		d := load(t, "file in", "name", "read list", "filename", c.name, "sendError", c.send)
		d.put("folder/x", "x")
		out, err := d.give("payload", "old", "topic", "t")
		thrown, ok := errors.AsType[node.Thrown](err)
		if !ok {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		value := thrown.Value.(*message.Object)
		for _, part := range []string{"read list", d.path(c.name), c.mend} {
			if !strings.Contains(value.Text("message"), part) {
				t.Errorf("%q doesn't say %q", value.Text("message"), part)
			}
		}
		if value.Get("code") != c.code {
			t.Errorf("code %v", value.Get("code"))
		}
		if c.send == false {
			if len(out) != 0 {
				t.Errorf("sent %v", out)
			}
		} else if len(out) != 1 || out[0].Get("payload") != nil || out[0].Get("topic") != "t" || out[0].Get("error") != thrown.Value {
			t.Errorf("sent %v", out)
		}
	}
}

func TestTooManyLines(t *testing.T) {
	d := load(t, "file in", "filename", "a.txt", "format", "lines")
	d.put("a.txt", strings.Repeat("\n", maxLines))
	if out, err := d.give("topic", "t"); err == nil || !strings.Contains(err.Error(), "lines") {
		t.Errorf("%d messages, %v", len(out), err)
	}
}
