package doctor

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"toban/internal/flow"
	"toban/internal/flowstore"
	"toban/internal/locale"
	"toban/internal/nodes"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	simslack "toban/internal/sim/slack"
	"toban/internal/sim/sshhost"
	"toban/internal/slack"
	"toban/internal/store/sqlite"
)

// ward is a data folder with everything around it simulated.
type ward struct {
	t       *testing.T
	dir     string
	mail    *mailbox.Server
	host    *sshhost.Host
	options Options
}

func newWard(t *testing.T) *ward {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("SSH_AUTH_SOCK", "")
	cloud := ec2.New(ec2.Options{})
	t.Cleanup(cloud.Close)
	host, err := sshhost.Start(cloud, sshhost.Options{User: "ops", Password: "pw"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	mail, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	api := httptest.NewServer(simslack.New(simslack.Config{Channels: []simslack.Channel{{ID: "C1", Name: "ops"}}}))
	t.Cleanup(api.Close)
	dir := t.TempDir()
	return &ward{t: t, dir: dir, mail: mail, host: host, options: Options{
		DataDir: dir, Lang: locale.EN, Zone: time.UTC,
		Slack: slack.Config{BotToken: simslack.DefaultBotToken, AppToken: simslack.DefaultAppToken, APIURL: api.URL + "/api/"},
	}}
}

// props is one node of the flow as the admin API takes it.
type props map[string]any

// flow is a mail that leads to a command and a post. edit changes its nodes.
func (w *ward) flow(edit func(byType map[string]props)) {
	w.t.Helper()
	byType := map[string]props{
		"e-mail in": {"id": "m", "z": "t", "x": 1, "y": 1, "type": "e-mail in", "server": "127.0.0.1", "port": w.mail.Port(), "useSSL": false,
			"autotls": "never", "box": "INBOX", "credentials": props{"userid": "demo", "password": "demo"}, "wires": [][]string{{"c"}}},
		"connection": {"id": "k", "type": "connection", "name": "bastion", "host": "127.0.0.1", "port": w.host.Port(), "username": "ops",
			"hostKey": w.host.HostKey(), "credentials": props{"password": "pw"}},
		"command":   {"id": "c", "z": "t", "x": 1, "y": 1, "type": "command", "connection": "k", "command": "true", "wires": [][]string{{"s"}}},
		"slack-say": {"id": "s", "z": "t", "x": 1, "y": 1, "type": "slack-say", "slack": "", "channel": "ops", "msg": "hi", "wires": [][]string{}},
	}
	if edit != nil {
		edit(byType)
	}
	var list []props
	for _, n := range byType {
		list = append(list, n)
	}
	text, err := json.Marshal(list)
	if err != nil {
		w.t.Fatal(err)
	}
	file, err := flow.Parse(text)
	if err != nil {
		w.t.Fatal(err)
	}
	flows, err := flowstore.Open(w.dir, "", nodes.Registry(slack.NewHub(slack.Config{}, nil)))
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := flows.Save(file); err != nil {
		w.t.Fatal(err)
	}
}

// examine gives the findings as lines, those that are wrong with the error.
func (w *ward) examine() (lines []string, wrong []string) {
	w.t.Helper()
	err := Examine(w.t.Context(), w.options, func(f Finding) {
		lines = append(lines, f.What)
		if f.Err != nil && !f.Warning {
			wrong = append(wrong, f.What+": "+w.options.Lang.Err(f.Err))
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return lines, wrong
}

func TestAllIsWell(t *testing.T) {
	w := newWard(t)
	w.flow(nil)
	lines, wrong := w.examine()
	if len(wrong) > 0 {
		t.Errorf("wrong: %s", strings.Join(wrong, "\n"))
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"Data folder", "Flow file (4 nodes", "Mailbox demo at 127.0.0.1, folder INBOX",
		fmt.Sprintf("SSH host ops@127.0.0.1:%d", w.host.Port()), "Socket Mode", "channel #ops",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q was not looked at:\n%s", want, all)
		}
	}
	if got := w.host.Executed(); len(got) > 0 {
		t.Errorf("the doctor ran %q", got)
	}
}

// Each thing that is wrong is found and leaves the others well.
func TestWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(map[string]props)
		want string // in the one wrong line
	}{
		"wrong mail password":  {func(n map[string]props) { n["e-mail in"]["credentials"] = props{"userid": "demo", "password": "no"} }, "Mailbox demo"},
		"no mail password":     {func(n map[string]props) { n["e-mail in"]["credentials"] = props{"userid": "demo"} }, "password"},
		"no such folder":       {func(n map[string]props) { n["e-mail in"]["box"] = "Elsewhere" }, "Elsewhere"},
		"unknown host key":     {func(n map[string]props) { n["connection"]["hostKey"] = "" }, "toban pin"},
		"wrong login":          {func(n map[string]props) { n["connection"]["credentials"] = props{"password": "no"} }, "SSH host"},
		"no such channel":      {func(n map[string]props) { n["slack-say"]["channel"] = "nowhere" }, "nowhere"},
		"a port that is none":  {func(n map[string]props) { n["connection"]["port"] = "x" }, "bastion"},
		"a type nobody knows":  {func(n map[string]props) { n["x"] = props{"id": "x", "z": "u", "x": 1, "y": 1, "type": "teleport"} }, "teleport"},
		"a channel by message": {func(n map[string]props) { n["slack-say"]["channel"] = "{{topic}}" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			w.flow(tc.edit)
			_, wrong := w.examine()
			switch {
			case tc.want == "" && len(wrong) > 0:
				t.Errorf("wrong: %q", wrong)
			case tc.want != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], tc.want)):
				t.Errorf("wrong: %q, want one about %s", wrong, tc.want)
			}
		})
	}
}

// A Slack without an ops channel works; what people will miss is said.
func TestNoOpsChannel(t *testing.T) {
	w := newWard(t)
	w.flow(nil)
	for _, lang := range []locale.Lang{locale.EN, locale.JA} {
		for ops, want := range map[string]int{"": 1, "ops": 0} {
			w.options.Lang, w.options.Slack.OpsChannel = lang, ops
			warned := 0
			if err := Examine(t.Context(), w.options, func(f Finding) {
				if f.Err != nil && f.Warning && strings.Contains(lang.Err(f.Err), "TOBAN_OPS_CHANNEL") {
					warned++
				}
			}); err != nil {
				t.Fatal(err)
			}
			if warned != want {
				t.Errorf("%s, ops channel %q: %d warnings, want %d", lang, ops, warned, want)
			}
		}
	}
}

func TestRunningServerIsWell(t *testing.T) {
	w := newWard(t)
	w.flow(nil)
	db, err := sqlite.Open(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	lines, wrong := w.examine()
	if len(wrong) > 0 || !strings.Contains(lines[0], "running") {
		t.Errorf("%q, wrong: %q", lines[0], wrong)
	}
}

func TestNoFolder(t *testing.T) {
	err := Examine(t.Context(), Options{DataDir: filepath.Join(t.TempDir(), "none")}, func(Finding) {})
	if !locale.HasKey(err, "doctor.no_folder") {
		t.Errorf("got %v", err)
	}
}
