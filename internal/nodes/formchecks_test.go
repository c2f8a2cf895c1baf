package nodes_test

import (
	"crypto/ed25519"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"modernc.org/quickjs"
)

// problemOf gives the key of the text that a form shows for a value, "" for none.
func problemOf(t *testing.T, vm *quickjs.VM, typ, property string, n map[string]any, value any) string {
	t.Helper()
	var found any
	evalJSON(t, vm, fmt.Sprintf(`(() => {
		const form = forms[%s], field = form.defaults[%s] ?? form.credentials[%[2]s]
		return field.validate.call({ ...%s, _def: form }, %s, {})
	})()`, quote(t, typ), quote(t, property), quote(t, n), quote(t, value)), &found)
	if found == true {
		return ""
	}
	key, _, _ := strings.Cut(found.(string), " ")
	return key
}

const yesNo = `{"text": "May we?", "attachments": [{"actions": [{"type": "button", "text": "Yes", "value": "yes"}]}]}`

// TestFormChecks: what the engine would refuse is said while it is typed, and
// nothing else.
func TestFormChecks(t *testing.T) {
	vm := loadForms(t)
	texts := catalogue(t, filepath.Join(formsDir, "common"), "en-US")
	for _, c := range []struct {
		typ, property string
		node          map[string]any
		value         any
		problem       string
	}{
		{"e-mail in", "server", nil, "imap.example.com", ""},
		{"e-mail in", "server", nil, " ", "problem.hostMissing"},
		{"e-mail in", "server", nil, nil, "problem.hostMissing"},
		{"e-mail in", "server", nil, "imaps://imap.example.com", "problem.hostUrl"},
		{"e-mail in", "server", nil, "imap.example.com:993", "problem.hostPort"},
		{"e-mail in", "server", nil, "::1", ""},
		{"e-mail in", "server", nil, "me@example.com", "problem.hostUser"},
		{"e-mail in", "server", nil, "imap example", "problem.hostForm"},
		{"e-mail in", "port", nil, "", ""},
		{"e-mail in", "port", nil, 993, ""},
		{"e-mail in", "port", nil, "65536", "problem.port"},
		{"e-mail in", "port", nil, "0", "problem.port"},
		{"e-mail in", "port", nil, "9e2", "problem.port"},
		{"e-mail in", "repeat", nil, "60", ""},
		{"e-mail in", "repeat", nil, "1", "problem.repeat"},
		{"e-mail in", "repeat", nil, "often", "problem.repeat"},
		{"e-mail in", "protocol", nil, "POP3", "problem.protocol"},
		{"e-mail in", "authtype", nil, "XOAUTH2", "problem.authtype"},
		{"e-mail in", "userid", nil, "", "problem.userMissing"},
		{"e-mail in", "password", nil, "", "problem.passwordMissing"},
		{"e-mail in", "password", nil, "__PWRD__", ""},

		{"command", "command", nil, "aws ec2 stop-instances --instance-ids {{{instanceId}}}", ""},
		{"command", "command", nil, "", "problem.commandMissing"},
		{"command", "command", nil, "a\x00b", "problem.commandNul"},
		{"command", "command", nil, "echo {{{a", "problem.tagOpen"},
		{"command", "command", nil, "echo {{#a}}", "problem.sectionOpen"},
		{"command", "command", nil, "echo {{#a}}{{/b}}", "problem.sectionClose"},
		{"command", "command", nil, "grep {{#sh}}{{{topic}}}{{/sh}} log", ""},
		{"command", "command", nil, "grep 'it' {{#sh}}{{{topic}}}{{/sh}} log", ""},
		{"command", "command", nil, "# don't\ngrep {{#sh}}{{{topic}}}{{/sh}} log", ""},
		{"command", "command", nil, `grep \" {{#sh}}{{{topic}}}{{/sh}}`, ""},
		{"command", "command", nil, "grep '{{#sh}}{{{topic}}}{{/sh}}' log", "problem.shInQuotes"},
		{"command", "command", nil, `grep "x{{#sh}}{{{topic}}}{{/sh}}" log`, "problem.shInQuotes"},
		{"command", "timer", nil, "", ""},
		{"command", "timer", nil, "-1", "problem.timer"},
		{"command", "timer", nil, "99999999", "problem.timer"},
		{"command", "env", nil, "A=1\n\n# note\nB_2=x=y", ""},
		{"command", "env", nil, "A=1\n2B=x", "problem.envLine"},
		{"command", "env", nil, `{"A": "x"}`, ""},
		{"command", "env", nil, `{"A-B": "x"}`, "problem.envName"},
		{"command", "env", nil, `{"A"`, "problem.json"},

		{"connection", "username", nil, "", "problem.userMissing"},
		{"connection", "hostKey", nil, "", ""},
		{"connection", "hostKey", nil, "# ours\nhost.example ssh-ed25519 AAAAC3Nza me@here", ""},
		{"connection", "hostKey", nil, "SHA256:abc", "key.fingerprint"},
		{"connection", "hostKey", nil, "what", "key.hostKey"},

		{"slack-say", "channel", nil, "", ""},
		{"slack-say", "channel", nil, "#障害対応", ""},
		{"slack-say", "channel", nil, "C024BE91L", ""},
		{"slack-say", "channel", nil, "{{{channel}}}", ""},
		{"slack-say", "channel", nil, "My channel", "problem.channel"},
		{"slack-say", "msg", map[string]any{"output": "str"}, "*{{{topic}}}*", ""},
		{"slack-say", "msg", map[string]any{"output": "str"}, "", "problem.textMissing"},
		{"slack-say", "msg", map[string]any{"output": "str"}, "{{#a}}", "problem.sectionOpen"},
		{"slack-say", "msg", map[string]any{"output": "json"}, "*{{{topic}}}*", "problem.json"},
		{"slack-say", "msg", map[string]any{"output": "json"}, `{"text": "{{{topic}}}"}`, ""},
		{"slack-say", "msg", map[string]any{"output": "json"}, "[1]", "problem.jsonObject"},
		{"slack-say", "output", nil, "xml", "problem.output"},

		{"slack-ask", "msg", nil, yesNo, ""},
		{"slack-ask", "msg", nil, "", "problem.messageMissing"},
		{"slack-ask", "msg", nil, `{"text": "x"}`, "problem.noButton"},
		{"slack-ask", "msg", nil, `{"blocks": [{"type": "actions", "elements": [{"type": "button", "url": "https://example.com"}]}]}`, "problem.noButton"},
		{"slack-ask", "msg", nil, `{"text": "x",`, "problem.json"},
		{"slack-ask", "msg", nil, "{{{payload}}}", ""},
		{"slack-ask", "msg", nil, `{"text": "x", "attachments": {{{cards}}}}`, ""},
		{"slack-ask", "msg", nil, `{"text": "x" "attachments": {{{cards}}}}`, "problem.json"},
		{"slack-ask", "msg", nil, `{"text": "x", "attachments": [{{#hosts}}{},{{/hosts}}{}]}`, ""},
		{"slack-ask", "timeout", nil, "30", ""},
		{"slack-ask", "timeout", nil, "soon", "problem.timeout"},
		{"slack-ask", "timeoutUnits", nil, "weeks", "problem.units"},
		{"slack-ask", "approvers", nil, "U01ABCDEF, W02GHIJKL", ""},
		{"slack-ask", "approvers", nil, []string{"U01ABCDEF"}, ""},
		{"slack-ask", "approvers", nil, "hanako", "problem.approvers"},

		{"slack-connection", "botToken", nil, "xoxb-1", ""},
		{"slack-connection", "botToken", nil, "__PWRD__", ""},
		{"slack-connection", "botToken", nil, "xapp-1", "problem.tokensSwapped"},
		{"slack-connection", "botToken", nil, "secret", "problem.botToken"},
		{"slack-connection", "appToken", nil, "xoxb-1", "problem.tokensSwapped"},
		{"slack-connection", "appToken", nil, "secret", "problem.appToken"},
		{"slack-connection", "signingSecret", nil, strings.Repeat("0f", 16), ""},
		{"slack-connection", "signingSecret", nil, "short", "problem.signingSecret"},
	} {
		got := problemOf(t, vm, c.typ, c.property, c.node, c.value)
		if got != c.problem {
			t.Errorf("%s %s %q: %q, want %q", c.typ, c.property, c.value, got, c.problem)
		}
		if got != "" && texts[got] == "" {
			t.Errorf("%s %s: there is no text %q", c.typ, c.property, got)
		}
	}
}

// privateKey makes a private key as ssh-keygen writes it.
func privateKey(t *testing.T, passphrase string) (private, public string) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), string(ssh.MarshalAuthorizedKey(line))
}

// TestPrivateKeyField: a key is mended as far as it can be; what is no key is
// recognised.
func TestPrivateKeyField(t *testing.T) {
	vm := loadForms(t)
	plain, public := privateKey(t, "")
	locked, _ := privateKey(t, "secret")
	for value, want := range map[string]string{
		"": "", "__PWRD__": "", plain: "", locked: "",
		public:                               "key.public",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n": "key.public",
		"PuTTY-User-Key-File-3: ssh-ed25519\r\nx\n": "key.ppk",
		plain[:100]: "key.cut",
		plain[20:]:  "key.notKey",
	} {
		if got := problemOf(t, vm, "connection", "privateKey", nil, value); got != want {
			t.Errorf("%.40q: %q, want %q", value, got, want)
		}
	}
	for _, pasted := range []string{
		plain, strings.TrimSpace(plain), strings.ReplaceAll(plain, "\n", "\r\n"), "\n\n " + strings.ReplaceAll(plain, "\n", " \n  "),
		strings.ReplaceAll(plain, "\n", `\n`), strings.ReplaceAll(plain, "\n", `\r\n`),
	} {
		var mended string
		evalJSON(t, vm, "Toban.sshKey.tidy("+quote(t, pasted)+")", &mended)
		if mended != plain {
			t.Errorf("%.60q became %.60q", pasted, mended)
		}
	}
	for key, want := range map[string]bool{plain: false, locked: true, "": false, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n": true} {
		var got bool
		evalJSON(t, vm, "Toban.sshKey.locked("+quote(t, key)+")", &got)
		if got != want {
			t.Errorf("%.60q: locked %v", key, got)
		}
	}
}

// TestCommandAdvice: what may go wrong when a command runs is said beforehand.
func TestCommandAdvice(t *testing.T) {
	vm := loadForms(t)
	for _, c := range []struct {
		text string
		raw  bool
		want string
	}{
		{"stop {{{id}}}", false, ""},
		{"stop {{&id}}", false, ""},
		{"stop {{id}}", false, "advice.escaped"},
		{"stop {{{id}}}", true, "advice.raw"},
		{"stop {{#sh}}{{{id}}}{{/sh}}", true, ""},
		{"stop now", true, ""},
	} {
		var said []string
		evalJSON(t, vm, fmt.Sprintf("Toban.shell.advice(%s, %v)", quote(t, c.text), c.raw), &said)
		if got := strings.Join(said, ";"); !strings.HasPrefix(got, c.want) || (c.want == "" && got != "") {
			t.Errorf("%q, raw %v: %q", c.text, c.raw, got)
		}
	}
}
