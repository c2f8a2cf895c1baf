package history

import (
	"strings"
	"testing"

	"toban/internal/machine"
	"toban/internal/message"
)

func parse(t *testing.T, text string) *message.Object {
	t.Helper()
	v, err := message.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	obj, ok := v.(*message.Object)
	if !ok {
		t.Fatalf("%s is no object", text)
	}
	return obj
}

// TestSecretsOfRequests: what lets somebody in is masked under the names of headers
// and cookies; the rest stays as it is.
func TestSecretsOfRequests(t *testing.T) {
	for text, want := range map[string]string{
		`{"req":{"headers":{"host":"h","authorization":"Bearer abc","cookie":"a=b","proxy-authorization":"x","x-api-key":"k","x-slack-signature":"v0=1","x-hub-signature-256":"s","accept":"*/*"}}}`: `{"req":{"headers":{"host":"h","authorization":"*","cookie":"*","proxy-authorization":"*","x-api-key":"*","x-slack-signature":"*","x-hub-signature-256":"*","accept":"*/*"}}}`,
		`{"req":{"cookies":{"sid":"1","lang":"ja"},"query":{"q":"1"}}}`:                  `{"req":{"cookies":{"sid":"*","lang":"*"},"query":{"q":"1"}}}`,
		`{"cookies":{"sid":{"value":"1","path":"/"},"gone":null}}`:                       `{"cookies":{"sid":{"value":"*","path":"/"},"gone":null}}`,
		`{"headers":{"Set-Cookie":["a=1","b=2"],"token":"t","x-vault-token":""}}`:        `{"headers":{"Set-Cookie":["*","*"],"token":"*","x-vault-token":""}}`,
		`{"payload":{"authorization":"Basic dTpw","list":[{"X-Auth-Token":"t"}]}}`:       `{"payload":{"authorization":"*","list":[{"X-Auth-Token":"*"}]}}`,
		`{"payload":{"token":"a word","key":1,"headers":["a","b"],"cookies":"nice"}}`:    `{"payload":{"token":"a word","key":1,"headers":["a","b"],"cookies":"nice"}}`,
		`{"headers":{"sec-websocket-key":"k","idempotency-key":"i","content-type":"t"}}`: `{"headers":{"sec-websocket-key":"k","idempotency-key":"i","content-type":"t"}}`,
		`{"authorization":{"by":"hana"},"headers":{"authorization":7}}`:                  `{"authorization":{"by":"hana"},"headers":{"authorization":7}}`,
	} {
		msg := parse(t, text)
		step := &machine.Step{Input: msg}
		mask([]*machine.Step{nil, step})
		if got := strings.ReplaceAll(string(message.AppendJSON(nil, step.Input)), Mask, "*"); got != want {
			t.Errorf("%s\n gives %s\n want  %s", text, got, want)
		}
		if text == want && step.Input != msg {
			t.Errorf("%s was copied for nothing", text)
		}
	}
}

// TestQuotedSecrets: a secret that a flow or an error quotes is masked there, too.
func TestQuotedSecrets(t *testing.T) {
	const token = "xyzzy-0123456789"
	request := parse(t, `{"req":{"headers":{"authorization":"Bearer `+token+`","cookie":"sid=0123456789abcdef; lang=ja"}},"payload":"ja"}`)
	copied := message.NewObject("payload", "got Bearer "+token+" and 0123456789abcdef, ja", "raw", message.Buffer("x"+token),
		"list", message.NewArray(1.0, "token "+token, message.Null{}), "error", message.NewError("Error", "bad "+token, ""))
	steps := []*machine.Step{
		{Input: request, Outputs: []machine.Output{{Msg: copied}}},
		{Input: copied, Error: "refused: " + token, Note: token},
	}
	steps[1].Preview.Detail = "200 OK\n" + token
	mask(steps)
	all := steps[1].Error + steps[1].Note + steps[1].Preview.Detail
	for _, msg := range []*message.Object{steps[0].Input, steps[0].Outputs[0].Msg, steps[1].Input} {
		all += string(message.AppendJSON(nil, msg)) + message.ToString(msg.Get("raw")) + msg.Text("payload")
	}
	if strings.Contains(all, "xyzzy") || strings.Contains(all, "0123456789abcdef") {
		t.Errorf("a secret is left in %s", all)
	}
	if steps[0].Outputs[0].Msg != steps[1].Input {
		t.Error("a message that two steps share was masked twice")
	}
	if got, want := steps[1].Input.Text("payload"), "got "+Mask+" and "+Mask+", ja"; got != want {
		t.Errorf("the payload is %q, want %q", got, want)
	}
	if e, _ := steps[1].Input.Get("error").(*message.Object); e.Class() == "" {
		t.Error("the error has lost its class")
	}
}

// TestLargeHistories: many steps that share large values take no longer than the values.
func TestLargeHistories(t *testing.T) {
	items := make([]message.Value, 100_000)
	for i := range items {
		items[i] = "an item that is no secret"
	}
	shared := message.NewObject("list", message.NewArray(items...), "text", strings.Repeat("long ", 200_000),
		"req", message.NewObject("headers", message.NewObject("authorization", "Bearer a-long-enough-token")))
	steps := make([]*machine.Step, 2_000)
	for i := range steps {
		steps[i] = &machine.Step{Input: shared.With("n", float64(i))}
	}
	mask(steps)
	if got := string(message.AppendJSON(nil, steps[1_999].Input.Get("req"))); !strings.Contains(got, Mask) {
		t.Error(got)
	}
}
