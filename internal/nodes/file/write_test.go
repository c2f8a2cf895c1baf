package file

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func TestPayloads(t *testing.T) {
	nl := newline
	part := func(index float64) *message.Object {
		return message.NewObject("type", "string", "count", 2.0, "index", index)
	}
	for _, c := range []struct {
		payload message.Value
		parts   message.Value
		want    string
	}{
		{"text", nil, "text" + nl},
		{"", nil, nl},
		{true, nil, "true" + nl},
		{-0.5, nil, "-0.5" + nl},
		{1e21, nil, "1e+21" + nl},
		{math.NaN(), nil, "NaN" + nl},
		{message.NewObject("a", 1.0, "b", "あ"), nil, `{"a":1,"b":"あ"}` + nl},
		{message.NewArray(1.0, "x"), nil, `[1,"x"]` + nl},
		{message.Null{}, nil, "null" + nl},
		{message.Buffer("\x00\xff"), nil, "\x00\xff"},
		{"first", part(0), "first" + nl},
		{"last", part(1), "last"},
	} {
		d := load(t, "file", "filename", "a/b.txt", "createDir", true, "appendNewline", true)
		out, err := d.give("payload", c.payload, "parts", c.parts)
		if err != nil || len(out) != 1 {
			t.Errorf("%v: %v, %v", c.payload, out, err)
			continue
		}
		d.holds("a/b.txt", c.want)
	}
}

// What has no payload is neither written nor passed on.
func TestUndefined(t *testing.T) {
	d := load(t, "file", "filename", "a.txt", "createDir", true)
	out, err := d.give("topic", "x")
	if _, missing := os.Stat(d.path("a.txt")); out != nil || err != nil || missing == nil {
		t.Errorf("%v, %v, %v", out, err, missing)
	}
}

func TestAppendOverwriteDelete(t *testing.T) {
	for _, c := range []struct {
		overwrite message.Value
		want      string
	}{{"false", "onetwo"}, {false, "onetwo"}, {"true", "two"}, {true, "two"}, {nil, "onetwo"}} {
		d := load(t, "file", "filename", "a.txt", "overwriteFile", c.overwrite, "createDir", true)
		for _, text := range []string{"one", "two"} {
			if out, err := d.give("payload", text); err != nil || out[0].Text("payload") != text {
				t.Error(out, err)
			}
		}
		d.holds("a.txt", c.want)
	}
	d := load(t, "file", "filename", "a.txt", "overwriteFile", "delete")
	d.put("a.txt", "x")
	if out, err := d.give("topic", "t"); err != nil || len(out) != 1 {
		t.Error(out, err)
	}
	if _, err := os.Stat(d.path("a.txt")); !os.IsNotExist(err) {
		t.Error("the file is still there")
	}
}

func TestEncodingOfTheMessage(t *testing.T) {
	d := load(t, "file", "filename", "a.txt", "encoding", "setbymsg", "createDir", true)
	for _, encoding := range []message.Value{"Shift_JIS", nil} {
		if _, err := d.give("payload", "障", "encoding", encoding); err != nil {
			t.Error(err)
		}
	}
	d.holds("a.txt", "\x8f\xe1障")
	if _, err := d.give("payload", "x", "encoding", "klingon"); !locale.HasKey(err, "file.errors.encoding") {
		t.Error(err)
	}
	if d := load(t, "file", "filename", "a", "encoding", "klingon"); !locale.HasKey(d.Err, "file.errors.encoding") {
		t.Errorf("deployed: %v", d.Err)
	}
}

// A rehearsal touches nothing and shows what would be written, readable in any encoding.
func TestPreview(t *testing.T) {
	d := load(t, "file", "filename", "a.txt", "encoding", "Shift_JIS")
	_, effect, err := d.Plan(message.NewObject("payload", "障害"))
	if err != nil {
		t.Fatal(err)
	}
	want := node.Preview{Action: "append to the file", Target: d.path("a.txt"), Detail: "障害"}
	if effect.Preview != want || effect.Safe || effect.Local || !effect.Serial || effect.Policy != node.Repeat {
		t.Errorf("%+v", effect)
	}
	if out := effect.Rehearsed(); len(out) != 1 || out[0][0].Text("payload") != "障害" {
		t.Errorf("%v", out)
	}
	if _, err := os.Stat(filepath.Join(d.folder, "files")); !os.IsNotExist(err) {
		t.Error("a plan touched the disk")
	}
}

func TestDiskErrors(t *testing.T) {
	for _, c := range []struct {
		name, overwrite string
		createDir       bool
		key, code, mend string
	}{
		{"no/a.txt", "false", false, "file.errors.appendfail", "ENOENT", "create directory"},
		{"no/a.txt", "true", false, "file.errors.writefail", "ENOENT", "create directory"},
		{"no/a.txt", "delete", false, "file.errors.deletefail", "ENOENT", "Check the path"},
		{"folder", "false", false, "file.errors.appendfail", "EISDIR", "name of a file"},
		{"plain/a.txt", "false", true, "file.errors.createfail", "ENOTDIR", "Check the path"},
		{strings.Repeat("n", 300), "true", false, "file.errors.writefail", "ENAMETOOLONG", "Shorten"},
		{"/dev/full", "false", false, "file.errors.appendfail", "ENOSPC", "Free some space"},
	} {
		if c.name == "/dev/full" && runtime.GOOS != "linux" {
			continue
		}
		d := load(t, "file", "name", "write log", "filename", c.name, "overwriteFile", c.overwrite, "createDir", c.createDir)
		d.put("plain", "x")
		d.put("folder/x", "x")
		out, err := d.give("payload", "x")
		wantError(t, err, c.key, "write log", c.name, c.mend)
		if coded, ok := errors.AsType[*node.Coded](err); !ok || coded.Code != c.code || out != nil {
			t.Errorf("%s: code %v, sent %v", c.name, coded, out)
		}
	}
}

func TestMends(t *testing.T) {
	d := load(t, "file", "name", "log")
	for _, c := range causes {
		err := failed(d.Env, "file.errors.writefail", "/x/a", &os.PathError{Op: "open", Path: "/x/a", Err: c.is})
		wantError(t, err, c.key)
		if !errors.Is(err, c.is) {
			t.Errorf("%v is lost", c.is)
		}
	}
	err := failed(d.Env, "file.errors.writefail", "/x/a", &os.PathError{Op: "write", Path: "/x/a", Err: syscall.EIO})
	wantError(t, err, "file.errors.writefail", "/x/a can't be written: "+syscall.EIO.Error())
}

// After a crash in the middle, a file that is gone was deleted.
func TestDeletionIsObserved(t *testing.T) {
	d := load(t, "file", "filename", "a.txt", "overwriteFile", "delete")
	d.put("a.txt", "x")
	_, effect, _ := d.Plan(message.NewObject("topic", "t"))
	if seen, err := effect.Observe(t.Context(), node.Attempt{}); err != nil || seen.Happened != node.DidNot {
		t.Errorf("before: %v, %v", seen, err)
	}
	if _, err := effect.Perform(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if seen, err := effect.Observe(t.Context(), node.Attempt{}); err != nil || seen.Happened != node.Happened || len(seen.Outputs) != 1 {
		t.Errorf("after: %v, %v", seen, err)
	}
}

func TestStatusShowsTheFileOfTheMessage(t *testing.T) {
	d := loadWith(t, "file", func(e *nodetest.Env) {}, "filename", "", "createDir", true)
	for _, name := range []string{"a.txt", "b.txt"} {
		if _, err := d.give("payload", "x", "filename", name); err != nil {
			t.Error(err)
		}
	}
	d.Advance(1e9)
	if len(d.Env.Statuses) != 1 || d.Env.Statuses[0].Text != "a.txt" {
		t.Errorf("%v", d.Env.Statuses)
	}
}
