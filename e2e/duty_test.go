package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"toban/examples"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	"toban/internal/sim/slack"
	"toban/internal/sim/sshhost"
)

// duty is a night on duty: the real server among simulated parts, with runs of
// every kind.
type duty struct {
	*server
	mail  *mailbox.Server
	host  *sshhost.Host
	slack *slack.Workspace
	id    string // of the instance
	extra string // id of the tab with the odd flows
}

// evil is a mail's subject that passes the flow's filter.
const evil = `Amazon EC2 Maintenance "><script>window.broken=1</script><img src=x onerror=window.broken=1> ` +
	"a-subject-without-any-place-to-break-it-that-goes-on-and-on-until-it-is-wider-than-any-phone"

func onDuty(t *testing.T, lang string) *duty {
	t.Helper()
	cloud := ec2.New(ec2.Options{})
	t.Cleanup(cloud.Close)
	d := &duty{id: cloud.Add("web-1"), extra: "c0ffee0000000001"}
	var err error
	if d.host, err = sshhost.Start(cloud, sshhost.Options{User: "ops", Password: "simulated"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.host.Close() })
	if d.mail, err = mailbox.Start(mailbox.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.mail.Close() })
	d.slack = slack.New(slack.Config{
		Users:    []slack.User{{ID: personID, Name: "hana", RealName: "Hana Mori", Locale: "ja-JP"}},
		Channels: []slack.Channel{{ID: "C0GENERAL", Name: channel}},
	})
	web := httptest.NewServer(d.slack)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	d.server = serve(t, t.TempDir(), []string{
		"SLACK_BOT_TOKEN=" + slack.DefaultBotToken, "SLACK_APP_TOKEN=" + slack.DefaultAppToken,
		"SLACK_API_URL=" + web.URL + "/api/", "TOBAN_LANG=" + lang, "TOBAN_TZ=Asia/Tokyo",
	})
	d.deploy(lang)
	return d
}

// deploy posts the example, pointed at the simulated parts, and a tab of flows
// for the rest.
func (d *duty) deploy(lang string) {
	d.t.Helper()
	f, err := flow.Parse(map[string][]byte{"ja": examples.EC2MaintenanceJA, "en": examples.EC2MaintenanceEN}[lang])
	if err != nil {
		d.t.Fatal(err)
	}
	var connection string
	for i, n := range f.Nodes {
		switch n.Text("type") {
		case "e-mail in":
			f.Nodes[i] = n.With("server", d.mail.Host()).With("port", strconv.Itoa(d.mail.Port())).With("useSSL", false).With("repeat", "1").
				With("credentials", message.NewObject("userid", d.mail.User(), "password", d.mail.Password()))
		case "connection":
			connection = n.Text("id")
			f.Nodes[i] = n.With("host", "127.0.0.1").With("port", strconv.Itoa(d.host.Port())).With("username", "ops").With("hostKey", d.host.HostKey()).
				With("credentials", message.NewObject("password", "simulated"))
		}
	}
	whole := strings.TrimSuffix(strings.TrimSpace(string(f.JSON())), "]") + "," + d.odd(connection) + "]"
	if status, body := d.do(http.MethodPost, "/flows", fmt.Appendf(nil, `{"flows":%s}`, whole)); status != http.StatusOK {
		d.t.Fatalf("POST /flows: %d %s", status, body)
	}
}

// odd are flows that show what the example doesn't: branches and loops, an
// error that nothing catches, approvers, a confirmation, a full mailbox.
func (d *duty) odd(connection string) string {
	ask := func(id, extra, card string) string {
		text, err := json.Marshal(card)
		if err != nil {
			d.t.Fatal(err)
		}
		return fmt.Sprintf(`{"id":%q,"type":"slack-ask","z":%q,"slack":"","channel":"general","msg":%s,"timeout":"45","timeoutUnits":"minutes"%s,"wires":[["odd-end"]]}`,
			id, d.extra, text, extra)
	}
	inject := func(id, to string) string {
		return fmt.Sprintf(`{"id":%q,"type":"inject","z":%q,"name":%q,"props":[{"p":"payload"}],"payload":"{\"host\":\"web-1\",\"tags\":[1,true,null]}","payloadType":"json","wires":[[%s]]}`, id, d.extra, id, to)
	}
	return strings.Join([]string{
		fmt.Sprintf(`{"id":%q,"type":"tab","label":"Nightly batch"}`, d.extra),
		inject("in-branch", `"odd-split","odd-tpl"`), inject("in-error", `"odd-throw"`), inject("in-approvers", `"ask-approvers"`),
		inject("in-confirm", `"ask-confirm"`), inject("in-loop", `"odd-loop"`), inject("in-command", `"odd-command"`),
		fmt.Sprintf(`{"id":"odd-split","type":"function","z":%q,"name":"Split","outputs":2,"func":"return [[{payload:'x'.repeat(1e6)},{payload:'a\\nb\\nc'}],{payload:'second output'}]","wires":[["odd-end"],["odd-tpl"]]}`, d.extra),
		fmt.Sprintf(`{"id":"odd-tpl","type":"template","z":%q,"name":"Text","field":"payload","template":"<b>{{payload}}</b>","wires":[["odd-end"]]}`, d.extra),
		fmt.Sprintf(`{"id":"odd-throw","type":"function","z":%q,"name":"Check the backup","func":"throw new Error('the backup of <db-1> is 3 days old')","wires":[]}`, d.extra),
		fmt.Sprintf(`{"id":"odd-loop","type":"function","z":%q,"name":"Retry","outputs":2,"func":"msg.n=(msg.n||0)+1; return msg.n<300?[msg,null]:[null,msg]","wires":[["odd-loop"],["odd-end"]]}`, d.extra),
		fmt.Sprintf(`{"id":"odd-command","type":"command","z":%q,"name":"Drop the cache","command":"rm -rf /var/cache/app/*","timer":"10","field":"payload","connectionconfig":%q,"wires":[["odd-end"]]}`, d.extra, connection),
		inject("in-hold", `"odd-hold"`),
		fmt.Sprintf(`{"id":"odd-hold","type":"delay","z":%q,"name":"Let the cache warm up","pauseType":"delay","timeout":"25","timeoutUnits":"minutes","wires":[["odd-end"]]}`, d.extra),
		fmt.Sprintf(`{"id":"odd-end","type":"debug","z":%q,"active":true,"complete":"payload","wires":[]}`, d.extra),
		ask("ask-approvers", `,"approvers":"U0CHIEF01"`, `{"text":"Delete the old snapshots?","attachments":[{"text":"412 snapshots, *2.1 TB*","actions":[{"name":"a","type":"button","text":"Delete","value":"yes"}]}]}`),
		ask("ask-confirm", "", `{"text":"Fail over to Osaka?","attachments":[{"title":"Replication lag","text":"`+"`db-1`"+` is *3 s* behind. See <https://example.com/runbook|the runbook>.","fields":[{"title":"Sessions","value":"1,204"}],`+
			`"actions":[{"name":"a","type":"button","text":"Fail over","value":"yes","style":"danger","confirm":{"title":"Really?","text":"All sessions end.","ok_text":"Yes, fail over","dismiss_text":"No"}},{"name":"a","type":"button","text":"Wait","value":"no","style":"primary"}]}]}`),
		fmt.Sprintf(`{"id":"odd-mail","type":"e-mail in","z":%q,"name":"Old inbox","server":%q,"port":%q,"useSSL":false,"box":"Old","disposition":"Read","repeat":"1","credentials":{"userid":%q,"password":%q},"wires":[["odd-end"]]}`,
			d.extra, d.mail.Host(), strconv.Itoa(d.mail.Port()), d.mail.User(), d.mail.Password()),
	}, ",")
}

// night lets everything happen that the pages should show.
func (d *duty) night() {
	d.t.Helper()
	for range 25 { // more than are taken without asking
		if _, err := d.mail.AddRaw("Old", "old", mailbox.Unrelated().Bytes()); err != nil {
			d.t.Fatal(err)
		}
	}
	d.receive(mailbox.Unrelated(), "done", 1)
	d.receive(mailbox.OldMaintenance(d.id), "waiting", 1)
	d.press("yes")
	d.has("done", 2)
	d.receive(mailbox.OldRetirement(d.id), "waiting", 1)
	d.host.Misbehave(sshhost.DropMidway)
	d.press("yes")
	eventually(d.t, "an outcome is unknown", func() bool { return d.waitsFor("unknown") })
	d.host.Misbehave(sshhost.None)
	hostile := mailbox.OldMaintenance(d.id)
	hostile.Subject = evil
	d.receive(hostile, "waiting", 2)
	for _, id := range []string{"in-branch", "in-error", "in-loop", "in-approvers", "in-confirm", "in-hold"} {
		d.inject(id)
	}
	d.has("failed", 1)
	d.has("waiting", 5)
	d.rehearse(true)
	d.inject("in-command")
	d.rehearse(false)
}

func (d *duty) receive(m mailbox.Mail, status string, count int) {
	d.t.Helper()
	if _, err := d.mail.Add(m); err != nil {
		d.t.Fatal(err)
	}
	d.has(status, count)
}

func (d *duty) has(status string, count int) {
	d.t.Helper()
	eventually(d.t, fmt.Sprintf("%d runs are %s", count, status), func() bool {
		n := 0
		for _, r := range d.runs() {
			if r.Status == status {
				n++
			}
		}
		return n >= count
	})
}

func (d *duty) waitsFor(what string) bool {
	for _, r := range d.runs() {
		if r.Waiting == what {
			return true
		}
	}
	return false
}

// press clicks the button with a value on the newest card that has it.
func (d *duty) press(value string) {
	d.t.Helper()
	if err := d.slack.AwaitSocket(d.t.Context(), 1); err != nil {
		d.t.Fatal(err)
	}
	eventually(d.t, "there is a button "+value, func() bool {
		all := d.slack.Messages(channel)
		for i := len(all) - 1; i >= 0; i-- {
			if d.slack.Click(d.t.Context(), slack.Click{Channel: channel, TS: all[i].TS, Button: value, User: personID}) == nil {
				return true
			}
		}
		return false
	})
}

func (d *duty) inject(id string) {
	d.t.Helper()
	if status, body := d.do(http.MethodPost, "/inject/"+id, nil); status != http.StatusOK {
		d.t.Fatalf("POST /inject/%s: %d %s", id, status, body)
	}
}

func (d *duty) rehearse(on bool) {
	d.t.Helper()
	body := fmt.Appendf(nil, `{"tab":%q,"on":%t}`, d.extra, on)
	if status, answer := d.do(http.MethodPost, "/api/rehearsal", body); status != http.StatusNoContent {
		d.t.Fatalf("POST /api/rehearsal: %d %s", status, answer)
	}
}
