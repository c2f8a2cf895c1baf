package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// aRun is a run as GET /api/runs/:id gives it.
type aRun struct {
	ID, Status, Title, Parent, Revision string
	Rehearsal                           bool
	StepCount, Next                     int
	Steps                               []struct {
		Seq             int
		Node, Status    string
		Cut             bool
		Input           map[string]any
		Outputs         [][]map[string]any
		Preview         *struct{ Action, Target, Detail string }
		Error, NodeName string
	}
}

// runFlow has a button that sends 5 messages, one of them long, along a wire; a
// request that is answered; and a file that is written.
const runFlow = `[
	{"id":"tab1","type":"tab","label":"Demo"},
	{"id":"in1","type":"inject","z":"tab1","name":"go","props":[],"wires":[["fn1"]]},
	{"id":"fn1","type":"function","z":"tab1","name":"five","func":"return [[1,2,3,4,'x'.repeat(20000)].map(payload => ({payload}))]","outputs":1,"wires":[["fn2"]]},
	{"id":"fn2","type":"function","z":"tab1","name":"end","func":"return null","outputs":1,"wires":[[]]},
	{"id":"web1","type":"http in","z":"tab1","url":"/hook","method":"get","wires":[["file1"]]},
	{"id":"file1","type":"file","z":"tab1","name":"keep","filename":%q,"filenameType":"str","overwriteFile":"true","wires":[["res1"]]},
	{"id":"res1","type":"http response","z":"tab1","wires":[]}
]`

// ended waits until a run has ended and is stored.
func (s *site) ended(id string) (r aRun) {
	s.t.Helper()
	for range 200 {
		resp, body := s.send("GET", "/api/runs/"+id, "")
		if resp.StatusCode == http.StatusOK {
			if r = decode[aRun](s.t, body); r.Status == "done" || r.Status == "failed" {
				return r
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("run %s doesn't end: %+v", id, r)
	return r
}

// newest waits for a run that began at a node.
func (s *site) newest(source string) string {
	s.t.Helper()
	for range 200 {
		list := decode[struct{ Runs []struct{ ID, Source string } }](s.t, s.want(200, "GET", "/api/runs", ""))
		for _, r := range list.Runs {
			if r.Source == source {
				return r.ID
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("no run of %s", source)
	return ""
}

// A long run comes in pages, its long values cut; what was cut can be had.
func TestRunInParts(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", fmt.Sprintf(runFlow, t.TempDir()+"/kept"))
	s.want(200, "POST", "/inject/in1", "")
	id := s.newest("in1")
	all := s.ended(id)
	if len(all.Steps) != 7 || all.StepCount != 7 || all.Next != 0 {
		t.Fatalf("%d of %d steps, next %d", len(all.Steps), all.StepCount, all.Next)
	}
	long := all.Steps[6]
	if text, _ := long.Input["payload"].(string); !long.Cut || len(text) > 11_000 || !strings.HasSuffix(text, "…") || all.Steps[2].Cut {
		t.Errorf("the long step: cut %v, %d bytes", long.Cut, len(text))
	}
	page := decode[aRun](t, s.want(200, "GET", "/api/runs/"+id+"?from=2&limit=3", ""))
	if len(page.Steps) != 3 || page.Steps[0].Seq != 2 || page.Next != 5 {
		t.Errorf("page: %d steps from %d, next %d", len(page.Steps), page.Steps[0].Seq, page.Next)
	}
	whole := decode[aRun](t, s.want(200, "GET", "/api/runs/"+id+"?from=6&limit=1&full=1", ""))
	if text, _ := whole.Steps[0].Input["payload"].(string); len(text) != 20_000 || whole.Steps[0].Cut {
		t.Errorf("the whole step: cut %v, %d bytes", whole.Steps[0].Cut, len(text))
	}
	if beyond := decode[aRun](t, s.want(200, "GET", "/api/runs/"+id+"?from=100", "")); len(beyond.Steps) != 0 {
		t.Errorf("steps beyond the end: %+v", beyond.Steps)
	}
	for _, query := range []string{"from=x", "limit=-1", "limit=99999999999999999999"} {
		s.want(400, "GET", "/api/runs/"+id+"?"+query, "")
	}
}

// The request of an earlier run goes through the flow again without a client,
// and without writing the file.
func TestRehearseOverHTTP(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", fmt.Sprintf(runFlow, t.TempDir()+"/kept"))
	s.want(200, "GET", "/hook?a=1", "")
	first := s.newest("web1")
	again := decode[struct{ Run string }](t, s.want(200, "POST", "/api/runs/"+first+"/rehearse", "{}"))
	run := s.ended(again.Run)
	if !run.Rehearsal || run.Parent != first || run.Title != "GET /hook" || run.Status != "done" || len(run.Steps) != 3 {
		t.Fatalf("%+v", run)
	}
	for i, want := range map[int]string{1: "file1", 2: "res1"} {
		if got := run.Steps[i]; got.Node != want || got.Status != "previewed" || got.Preview == nil {
			t.Errorf("step %d: %+v", i, got)
		}
	}
	s.want(404, "POST", "/api/runs/nobody/rehearse", "{}")
	s.want(204, "POST", "/flows", `[{"id":"tab1","type":"tab","label":"Demo"}]`)
	if got := s.want(409, "POST", "/api/runs/"+first+"/rehearse", "{}"); !strings.Contains(got, "not_again") || !strings.Contains(got, "web1") {
		t.Errorf("without its source: %s", got)
	}
}

// A revision that was deployed once can be had, without credentials.
func TestRevisions(t *testing.T) {
	s := newSite(t)
	s.want(200, "POST", "/flows", `{"flows":[{"id":"c1","type":"connection","host":"old","credentials":{"password":"s3cr3t"}}]}`, v2...)
	type flows struct {
		Flows []struct{ ID, Host string }
		Rev   string
	}
	old := decode[flows](t, s.want(200, "GET", "/flows", "", v2...))
	s.want(200, "POST", "/flows", `{"flows":[{"id":"c1","type":"connection","host":"new"}]}`, v2...)
	text := s.want(200, "GET", "/api/revisions/"+old.Rev, "")
	got := decode[flows](t, text)
	if got.Rev != old.Rev || len(got.Flows) != 1 || got.Flows[0].Host != "old" || strings.Contains(text, "s3cr3t") {
		t.Errorf("revision: %s", text)
	}
	s.want(404, "GET", "/api/revisions/nobody", "")
	s.token = ""
	s.want(401, "GET", "/api/revisions/"+old.Rev, "")
}

// TestLongFilters: a text that the store can't look for is refused, and not sent back.
func TestLongFilters(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("x", 60_000)
	for _, query := range []string{"text=" + long, "limit=" + long, "since=" + long} {
		if answer := s.want(http.StatusBadRequest, "GET", "/api/runs?"+query, ""); len(answer) > 300 {
			t.Errorf("%.10s: the answer has %d bytes", query, len(answer))
		}
	}
	s.want(http.StatusOK, "GET", "/api/runs?text="+strings.Repeat("x", 1000), "")
}
