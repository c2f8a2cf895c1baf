package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"toban/examples"
	"toban/internal/sim/ec2"
	"toban/internal/testparts/dovecot"
	"toban/web"
)

// storyTime bounds one language's story.
const storyTime = 6 * time.Minute

// program is what plays the story, for node.
const program = "browser/story.mjs"

// TestEditor plays the whole story of a flow in a real browser: it is imported,
// configured and deployed in the editor, runs, and is looked at, edited and
// broken in every way that people manage to. The acts are in browser/acts.
func TestEditor(t *testing.T) {
	t.Parallel()
	parts := findBrowser(t)
	for lang, text := range editorFlows(t) {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := playIn(t, lang, text, ec2.Options{})
			perform(t, parts, lang, s, text)
		})
	}
}

// picturesVariable names the folder for the pictures of the README, when they
// are to be taken instead of the whole story.
const picturesVariable = "TOBAN_PICTURES"

// editorFlows gives each language's flow: in Japanese the article's own, where it is here.
func editorFlows(t *testing.T) map[string][]byte {
	flows := map[string][]byte{"ja": examples.EC2MaintenanceJA, "en": examples.EC2MaintenanceEN}
	if os.Getenv(picturesVariable) != "" { // they go into the README, so they show a flow of the repo
		return flows
	}
	if seed, err := os.ReadFile(seedFile); err == nil {
		flows["ja"] = seed
	} else {
		t.Logf("the article's own flow is not tested: %v", err)
	}
	return flows
}

// browserParts are the programs that the story needs.
type browserParts struct{ Node, Chromium string }

// findBrowser skips the test where a part is missing, saying which.
func findBrowser(t *testing.T) browserParts {
	t.Helper()
	if _, err := web.Dist().Open("manifest.json"); err != nil {
		t.Skip("needs the flow editor in the binary: make assets")
	}
	if _, err := os.Stat("../web/node_modules/playwright-core/package.json"); err != nil {
		t.Skip("needs playwright-core in web/node_modules: make assets")
	}
	return browserParts{Node: needs(t, "nodejs", "node"), Chromium: needs(t, "chromium", "chromium", "chromium-browser", "google-chrome")}
}

// needs finds a program by one of its names; debian is the package that has it.
func needs(t *testing.T, debian string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("%s is not on this machine (Debian: %s)", names[0], debian)
	return ""
}

// brief is what the story's program is told at its start.
type brief struct {
	Lang     string       `json:"lang"`
	URL      string       `json:"url"`
	Chromium string       `json:"chromium"`
	Shots    string       `json:"shots"`
	Pictures string       `json:"pictures"`
	Password string       `json:"password"` // of admin
	Flow     string       `json:"flow"`     // as the clipboard has it
	Roles    roles        `json:"roles"`
	Instance string       `json:"instance"`
	Mail     mailAccount  `json:"mail"`
	Host     shellAccount `json:"host"`
}

// roles are the ids of the flow's nodes by what they do.
type roles struct {
	Mail    string `json:"mail"`
	Host    string `json:"host"`
	Look    string `json:"look"`
	Tell    string `json:"tell"`
	Ask     string `json:"ask"`
	Stop    string `json:"stop"`
	Mid     string `json:"mid"`
	Start   string `json:"start"`
	Done    string `json:"done"`
	Refuse  string `json:"refuse"`
	Alert   string `json:"alert"`
	Comment string `json:"comment"`
}

type mailAccount struct {
	Server   string `json:"server"`
	Port     int    `json:"port"`
	User     string `json:"user"`
	Password string `json:"password"`
}

type shellAccount struct {
	Host    string `json:"host"`
	Port    int    `json:"port"`
	User    string `json:"user"`
	Key     string `json:"key"`
	HostKey string `json:"hostKey"`
}

func (s *scene) brief(parts browserParts, lang, shots string, text []byte) brief {
	r := s.script
	return brief{
		Lang: lang, URL: s.url, Chromium: parts.Chromium, Shots: shots, Pictures: os.Getenv(picturesVariable), Password: adminPassword,
		Flow: string(text), Instance: s.id,
		Roles: roles{
			Mail: r.mail.Text("id"), Host: r.host.Text("id"), Look: r.look.Text("id"), Tell: r.tell.Text("id"),
			Ask: r.ask.Text("id"), Stop: r.stop.Text("id"), Mid: r.mid.Text("id"), Start: r.start.Text("id"),
			Done: r.done.Text("id"), Refuse: r.refuse.Text("id"), Alert: r.alert.Text("id"), Comment: r.only("comment").Text("id"),
		},
		Mail: mailAccount{s.dovecot.Host, s.dovecot.TLSPort, dovecot.User, dovecot.Password},
		Host: shellAccount{s.sshd.Host, s.sshd.Port, login(s.t), s.sshd.Key, s.sshd.HostKey},
	}
}

// shotsDir is where pictures of failures go: a folder of the test's own, which
// stays, or the one that TOBAN_SHOTS names.
func shotsDir(t *testing.T, lang string) string {
	t.Helper()
	dir := os.Getenv("TOBAN_SHOTS")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "toban-shots")
	}
	dir = filepath.Join(dir, lang)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// perform runs the program and does what it asks for behind the scene.
func perform(t *testing.T, parts browserParts, lang string, s *scene, text []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), storyTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, parts.Node, program)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // so that it closes the browser
	cmd.WaitDelay = 10 * time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	if err := json.NewEncoder(in).Encode(s.brief(parts, lang, shotsDir(t, lang), text)); err != nil {
		t.Fatal(err)
	}
	s.stageDoor(out, in)
	if err := cmd.Wait(); err != nil {
		t.Errorf("the story ended early (its last lines say where): %v", err)
	}
}
