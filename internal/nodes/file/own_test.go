package file

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"toban/internal/message"
)

// TestServersOwnFiles: a flow neither reads the key of the credentials nor makes
// itself an admin, whichever way the path leads there. Its own folder is its own.
func TestServersOwnFiles(t *testing.T) {
	own := func(d *desk) (file, link, way string) {
		t.Helper()
		file = filepath.Join(d.folder, "users.json")
		d.put("there", "x") // so that files/ is there
		link, way = filepath.Join(t.TempDir(), "link"), d.path("way")
		if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, to := range map[string]string{link: d.folder, way: file} {
			if err := os.Symlink(to, name); err != nil {
				t.Skip("no symbolic links here: ", err)
			}
		}
		return file, link, way
	}
	for _, c := range []struct{ typ, overwrite string }{{"file", "false"}, {"file", "true"}, {"file", "delete"}, {"file in", ""}} {
		d := load(t, c.typ, "filename", "filename", "filenameType", "msg", "overwriteFile", c.overwrite, "format", "utf8", "createDir", true)
		file, link, way := own(d)
		for _, path := range []string{file, "../users.json", link + "/users.json", link + "/new/x", way, "../new.json", d.folder} {
			out, err := d.give("payload", "mine", "filename", path)
			if err == nil || len(out) > 0 && out[0].Get("error") == nil {
				t.Errorf("%s (%s) uses %s", c.typ, c.overwrite, path)
			} else if c.typ == "file" && !strings.Contains(err.Error(), "own files") {
				t.Errorf("%s (%s) of %s: %v", c.typ, c.overwrite, path, err)
			}
			for _, m := range out {
				if strings.Contains(message.ToString(m.Get("payload")), "secret") {
					t.Errorf("%s gives what is in %s", c.typ, path)
				}
			}
		}
		if text, err := os.ReadFile(file); string(text) != "secret" {
			t.Errorf("%s (%s) has changed the file: %q, %v", c.typ, c.overwrite, text, err)
		}
		if _, err := d.give("payload", "x", "filename", "there"); err != nil {
			t.Errorf("%s (%s) of its own folder: %v", c.typ, c.overwrite, err)
		}
	}
}

// TestEnvironment: /proc tells the environment, and with it the server's secrets.
func TestEnvironment(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc here")
	}
	d := load(t, "file in", "filename", "filename", "filenameType", "msg", "format", "utf8")
	d.put("there", "x")
	for _, path := range []string{"/proc/self/environ", "/proc/thread-self/environ"} {
		if out, err := d.give("filename", path); err == nil || len(out) > 0 && out[0].Get("payload") != nil {
			t.Errorf("%s is read", path)
		}
	}
}
