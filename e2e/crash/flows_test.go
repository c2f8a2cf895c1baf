package crash

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"toban/internal/testparts/sshd"
)

// thing is a node of a flow file.
type thing map[string]any

// node makes a node of the tab "tab" that leads to others, all by one output.
func node(kind, id string, to []string, properties thing) thing {
	n := thing{"id": id, "type": kind, "z": "tab", "name": id, "wires": [][]string{to}}
	for name, value := range properties {
		n[name] = value
	}
	return n
}

func tab(label string) thing { return thing{"id": "tab", "type": "tab", "label": label} }

func mailIn(w *world, disposition string, to ...string) thing {
	return node("e-mail in", "in", to, thing{
		"server": w.mail.Host(), "port": strconv.Itoa(w.mail.Port()), "useSSL": false, "autotls": "never", "box": "INBOX",
		"disposition": disposition, "repeat": "1.5",
		"credentials": thing{"userid": w.mail.User(), "password": w.mail.Password()},
	})
}

// ask asks by two buttons; the card's text is what the person knows it by.
func ask(id, text string, milliseconds int, to ...string) thing {
	card := map[string]any{"text": text, "attachments": []any{map[string]any{"actions": []any{
		map[string]any{"name": "answer", "type": "button", "text": "Yes", "value": "yes"},
		map[string]any{"name": "answer", "type": "button", "text": "No", "value": "no"},
	}}}}
	body, err := json.Marshal(card)
	if err != nil {
		panic(err) // of texts only
	}
	return node("slack-ask", id, to, thing{"slack": "", "channel": channel, "msg": string(body),
		"timeout": strconv.Itoa(milliseconds), "timeoutUnits": "milliseconds"})
}

func say(id, text string, to ...string) thing {
	return node("slack-say", id, to, thing{"slack": "", "channel": channel, "msg": text, "gonext": len(to) > 0})
}

// command leaves a line that names the mail and the node, takes a moment, and ends.
func command(w *world, id string, to ...string) thing {
	return node("command", id, to, thing{"connectionconfig": "host", "field": "result",
		"command": fmt.Sprintf("echo {{{topic}}}.%s >> %s; sleep 0.05", id, w.lines)})
}

func connection(t *testing.T, host *sshd.Server, id string) thing {
	return thing{"id": id, "type": "connection", "z": "", "name": id, "host": host.Host, "port": strconv.Itoa(host.Port),
		"username": sshd.Me(t), "hostKey": host.HostKey, "credentials": thing{"privateKey": host.Key}}
}

// counted gives each message of a node its number, which is kept in the context.
func counted(id string, to ...string) thing {
	return node("function", id, to, thing{"outputs": 1,
		"func": "const n = (flow.get('n') || 0) + 1; flow.set('n', n); msg.n = n; return msg"})
}

// dutyFlow: a mail, a question, a command, a pause in which a message is held,
// another command, a report. Beside it a webhook.
func dutyFlow(w *world) []thing {
	return []thing{
		tab("Duty"), connection(w.t, w.host, "host"),
		mailIn(w, "Read", "count"), counted("count", "ask"),
		ask("ask", "May I work on {{{topic}}}?", 60_000, "switch"),
		{"id": "switch", "type": "switch", "z": "tab", "name": "switch", "property": "answer.value", "propertyType": "msg", "outputs": 2,
			"rules": []any{thing{"t": "eq", "v": "no", "vt": "str"}, thing{"t": "eq", "v": "yes", "vt": "str"}},
			"wires": [][]string{{"refused"}, {"one"}}},
		say("refused", "Refused: {{{topic}}} ({{{n}}})"),
		command(w, "one", "hold"),
		node("delay", "hold", []string{"two"}, thing{"pauseType": "delay", "timeout": "120", "timeoutUnits": "milliseconds"}),
		command(w, "two", "done"),
		say("done", "Done: {{{topic}}} ({{{n}}})", "end"),
		node("debug", "end", nil, thing{"active": true, "complete": "payload"}),
		node("catch", "catch", []string{"alert"}, thing{"scope": nil}),
		say("alert", "Alert: {{{topic}}} ({{{n}}})"),
		node("http in", "hook", []string{"seen", "heard"}, thing{"url": "/hook", "method": "post"}),
		say("heard", "Heard: {{{payload.id}}}"),
		node("function", "seen", []string{"reply"}, thing{"outputs": 1,
			"func": "flow.set('hooks', (flow.get('hooks') || 0) + 1); msg.payload = 'heard'; return msg"}),
		node("http response", "reply", nil, thing{"statusCode": "200"}),
	}
}

// changeFlow: a mail whose question nobody answers, and a question that the next
// version of the flow no longer has.
func changeFlow(w *world, version int) []thing {
	all := []thing{
		tab(fmt.Sprintf("Version %d", version)),
		mailIn(w, "Delete", "lapse"),
		ask("lapse", "Will anybody look after {{{topic}}}?", 500, "answered"),
		say("answered", "Answered: {{{topic}}}"),
		node("catch", "catch", []string{"alert"}, thing{"scope": nil}),
		say("alert", "Alert: {{{topic}}}"),
		node("inject", "go", []string{"drop"}, thing{"props": []any{thing{"p": "topic", "vt": "str"}}, "topic": "the old question"}),
	}
	if version == 1 {
		return append(all, connection(w.t, w.host, "old-host"),
			ask("drop", "Is {{{topic}}} still open?", 60_000, "answered"))
	}
	all[len(all)-1]["wires"] = [][]string{{}}
	return append(all, connection(w.t, w.host, "host"))
}

// growthFlow: an open question among runs so large that old ones are deleted.
func growthFlow(w *world) []thing {
	return []thing{
		tab("Growth"), connection(w.t, w.host, "host"),
		mailIn(w, "Read", "ask"),
		ask("ask", "May I work on {{{topic}}}?", 60_000, "one"),
		command(w, "one", "done"),
		say("done", "Done: {{{topic}}}"),
		node("catch", "catch", []string{"alert"}, thing{"scope": nil}),
		say("alert", "Alert: {{{topic}}}"),
		node("inject", "go", []string{"large"}, thing{"props": []any{thing{"p": "payload"}}, "payload": "", "payloadType": "date"}),
		node("function", "large", []string{"end"}, thing{"outputs": 1,
			"func": "flow.set('large', (flow.get('large') || 0) + 1); msg.payload = 'x'.repeat(5e5); return msg"}),
		node("debug", "end", nil, thing{"active": false}),
	}
}
