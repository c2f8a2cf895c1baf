package file

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func TestPlace(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("drive letters are real here")
	}
	for _, c := range []struct{ name, dir, want string }{
		{"a.log", "", "/data/files/a.log"},
		{"logs/a.log", "/srv", "/srv/logs/a.log"},
		{"/var/log/../a.log", "/srv", "/var/a.log"},
		{`c:\Temp\x.log`, "", "/data/files/c/Temp/x.log"},
		{`C:\\Temp\\x.log`, "/srv", "/data/files/c/Temp/x.log"},
		{"D:/Temp/x.log", "", "/data/files/d/Temp/x.log"},
		{`c:\..\..\etc\passwd`, "", "/data/files/c/etc/passwd"},
		{`c:\`, "", "/data/files/c"},
		{"abc:/x", "", "/data/files/abc:/x"},
	} {
		d := loadWith(t, "file", func(e *nodetest.Env) {
			e.Folder, e.Settings = "/data", map[string]message.Value{"fileWorkingDirectory": c.dir}
		})
		if got := place(d.Env, c.name); got != c.want {
			t.Errorf("%s in %q is %s, want %s", c.name, c.dir, got, c.want)
		}
	}
}

func TestDriveIsMappedWithAWarning(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("drive letters are real here")
	}
	d := load(t, "file", "name", "log", "filename", `c:\Temp\x.log`, "createDir", true)
	if got := warnings(d.Env); len(got) != 1 || !strings.Contains(got[0], filepath.Join("files", "c", "Temp", "x.log")) {
		t.Errorf("at deploy: %q", got)
	}
	for _, text := range []string{"one ", "two"} {
		out, err := d.give("payload", text)
		if err != nil || len(out) != 1 || out[0].Text("filename") != `c:\Temp\x.log` {
			t.Errorf("%v, %v", out, err)
		}
	}
	d.holds("c/Temp/x.log", "one two")
	if got := warnings(d.Env); len(got) != 1 {
		t.Errorf("afterwards: %q", got)
	}
}

func TestDriveOfAMessageIsWarnedAboutOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("drive letters are real here")
	}
	d := load(t, "file in", "filename", "")
	d.put("c/in.txt", "x")
	for range 2 {
		if _, err := d.give("filename", `c:\in.txt`); err != nil {
			t.Error(err)
		}
	}
	if got := warnings(d.Env); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestNamedBy(t *testing.T) {
	for _, c := range []struct{ typ, name string }{
		{"str", "a.txt"}, {"", "a.txt"}, {"", ""}, {"msg", "place.file"}, {"env", "LOG"}, {"jsonata", `topic & ".txt"`},
	} {
		d := loadWith(t, "file", func(e *nodetest.Env) { e.Vars = map[string]message.Value{"LOG": "a.txt"} },
			"filename", c.name, "filenameType", c.typ, "createDir", true)
		_, err := d.give("payload", "x", "topic", "a", "filename", "a.txt", "place", message.NewObject("file", "a.txt"))
		if err != nil {
			t.Errorf("%s %s: %v", c.typ, c.name, err)
		}
		d.holds("a.txt", "x")
	}
}

func TestNoName(t *testing.T) {
	for _, typ := range []string{"file", "file in"} {
		d := load(t, typ, "filename", "")
		if out, err := d.give("payload", "x"); out != nil || err != nil {
			t.Errorf("%s: %v, %v", typ, out, err)
		}
		if got := warnings(d.Env); len(got) != 1 || !strings.Contains(got[0], "msg.filename") {
			t.Errorf("%s: %q", typ, got)
		}
	}
	if d := load(t, "file", "filename", "(", "filenameType", "jsonata"); d.Err == nil {
		t.Error("an expression that doesn't parse was deployed")
	}
}
