package console_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>` + "\u202egpj"

// TestRunsInPages: the newest come first, 50 to a page, and a filter goes along.
func TestRunsInPages(t *testing.T) {
	s := newSite(t)
	has(t, s.look("/runs"), "No runs yet.")
	begin := time.Now().Add(-3 * time.Hour)
	for i := range 120 {
		row := store.Run{ID: fmt.Sprintf("r%03d", i), Flow: "tab1", FlowName: "Mails", Title: fmt.Sprintf("mail %03d", i), StartedAt: begin.Add(time.Duration(i) * time.Minute), Rehearsal: i == 7}
		s.stored(row, ends)
	}
	first := s.look("/runs?flow=tab1")
	if n := strings.Count(first, `class="run"`); n != 50 || !strings.Contains(first, "mail 119") || strings.Contains(first, "mail 069") {
		t.Fatalf("%d rows on the first page", n)
	}
	older := regexp.MustCompile(`href="(/runs\?before=[^"]*)"`).FindStringSubmatch(first)
	if older == nil {
		t.Fatal("no way to older runs")
	}
	second := s.look(strings.ReplaceAll(older[1], "&amp;", "&"))
	has(t, second, "mail 069", "mail 020", "flow=tab1", "To the newest")
	lacks(t, second, "mail 070", "mail 019")
	for query, want := range map[string]int{"text=mail+119": 1, "rehearsal=1": 1, "period=hour": 0, "period=day": 50, "status=failed": 0, "text=%25": 0, "flow=nobody": 0, "period=ever&status=": 50} {
		if n := strings.Count(s.look("/runs?"+query), `class="run"`); n != want {
			t.Errorf("%s finds %d runs, want %d", query, n, want)
		}
	}
	s.lang = "ja"
	has(t, s.look("/runs"), `<html lang="ja">`, "実行履歴", "完了", "時間前", "JST (UTC")
}

// TestHostileRun: what a mail brought in is text, in every place, and a large
// value is cut with its size said, and whole at its own address.
func TestHostileRun(t *testing.T) {
	s := newSite(t)
	big := strings.Repeat("あ", 400_000)
	s.stored(store.Run{ID: "r1", Flow: hostile, FlowName: hostile, Title: hostile, EventKey: hostile, Revision: hostile}, func(m *machine.Machine, r *machine.Run) {
		_, step, _ := m.Next(time.Now())
		m.Send(r, step, []machine.Output{{Msg: message.NewObject("payload", big, hostile, hostile, "list", list(10_000))}}, nil, time.Now())
		m.Fail(r, step, hostile, hostile, false)
		m.End(r, step, machine.Failed, time.Now())
	})
	for _, path := range []string{"/runs", "/runs/r1", "/runs?text=" + "%22%3E%3Cscript%3Ealert(1)", "/runs?flow=%22%3E%3Cscript%3Ealert(1)&status=%3Cscript%3Ealert"} {
		page := s.look(path)
		lacks(t, page, "<script>alert", "<img src=x", "\u202e")
		if len(page) > 60_000 {
			t.Errorf("%s has %d bytes", path, len(page))
		}
	}
	page := s.look("/runs/r1")
	has(t, page, "1.2 MB", "Shortened for display", `href="/runs/r1/steps/0"`, "9975", "\ufffdgpj", "&lt;script&gt;alert(1)", "Failed at")
	resp, whole := s.send("GET", "/runs/r1/steps/0", "")
	if resp.Header.Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(whole, big) || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v, %d bytes", resp.Header, len(whole))
	}
	for _, path := range []string{"/runs/r1/steps/1", "/runs/r1/steps/-1", "/runs/r1/steps/x", "/runs/r2/steps/0", "/runs/r2"} {
		has(t, s.want(404, "GET", path, ""), `role="alert"`, `class="button" href="/runs`)
	}
	lacks(t, s.want(404, "GET", "/runs/%3Cscript%3Ealert(1)", ""), "<script>alert")
}

func list(n int) *message.Array {
	items := make([]message.Value, n)
	for i := range items {
		items[i] = float64(i)
	}
	return message.NewArray(items...)
}

// TestLongRun: a run of 10,000 steps is read in parts, each a page of bounded size.
func TestLongRun(t *testing.T) {
	s := newSite(t)
	s.stored(store.Run{ID: "r1", Title: "loop"}, func(m *machine.Machine, r *machine.Run) {
		for i := range 10_000 {
			_, step, _ := m.Next(time.Now())
			msg := message.NewObject("n", float64(i), "text", strings.Repeat("x", 5_000))
			var on []machine.Target
			if i < 9_999 {
				on = []machine.Target{{Node: "n0", Msg: msg}}
			}
			m.Send(r, step, []machine.Output{{Msg: msg}}, on, time.Now())
			if i == 5_000 {
				m.Fail(r, step, "lost count", "", false)
			}
			m.End(r, step, machine.Done, time.Now())
		}
	})
	for path, want := range map[string]string{"/runs/r1": `id="step-1"`, "/runs/r1?from=9900": `id="step-10000"`, "/runs/r1?from=5000": `id="step-5001"`, "/runs/r1?from=x": `id="step-1"`, "/runs/r1?from=99999999999999999999": `id="step-1"`} {
		page := s.look(path)
		has(t, page, want, "?from=9900#steps", `href="/runs/r1?from=5000#step-5001"`)
		if n := strings.Count(page, `class="step `); n != 100 || len(page) > 700_000 || strings.Contains(page, "depth-1") {
			t.Errorf("%s: %d steps, %d bytes", path, n, len(page))
		}
	}
}

// TestFamily: a run and those that came out of it lead to each other.
func TestFamily(t *testing.T) {
	s := newSite(t)
	s.stored(store.Run{ID: "r1", Title: "the first"}, ends)
	s.stored(store.Run{ID: "r2", Title: "the second", Parent: "r1", Rehearsal: true}, ends)
	s.stored(store.Run{ID: "r3", Title: "of a run that is gone", Parent: "r0"}, ends)
	has(t, s.look("/runs/r1"), `<a href="/runs/r2">the second</a>`, "Runs that came out of it", `href="/#run/r1"`, `href="/api/runs/r1"`)
	has(t, s.look("/runs/r2"), `<a href="/runs/r1">the first</a>`, "rehearsal")
	lacks(t, s.look("/runs/r3"), "Came out of")
}

// TestUnchangedPages: a script that looks again is told when nothing has changed.
func TestUnchangedPages(t *testing.T) {
	s := newSite(t)
	tag := s.known("/runs")
	s.stored(store.Run{ID: "r1", Title: "new"}, ends)
	has(t, s.want(200, "GET", "/runs", "", "If-None-Match", tag), "new")
	if resp, _ := s.send("GET", "/runs", ""); !strings.Contains(resp.Header.Get("Content-Security-Policy"), "script-src 'self'") || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", resp.Header)
	}
	s.token = ""
	for _, path := range []string{"/runs", "/runs/r1", "/runs/r1/steps/0", "/questions"} {
		s.want(http.StatusUnauthorized, "GET", path, "")
	}
}

// TestLargestPages: pages stay bounded when everything on them is as large as it can be.
func TestLargestPages(t *testing.T) {
	s := newSite(t)
	var cut store.Cut
	body := machine.Encode(message.NewObject("card", strings.Repeat("<*&", 20_000), "choices", message.NewArray()))
	for i := range 60 {
		cut.Questions = append(cut.Questions, store.Question{ID: fmt.Sprint("q", i), Run: "r1", Kind: "ask", Title: hostile, Body: body, State: store.Open, CreatedAt: time.Now(), Deadline: time.Now().Add(time.Hour)})
	}
	s.stored(store.Run{ID: "r1", Title: strings.Repeat(hostile, 100)}, func(m *machine.Machine, r *machine.Run) {
		for i := range 101 {
			_, step, _ := m.Next(time.Now())
			value := message.NewArray(strings.Repeat(`"`, 1_000), strings.Repeat("<", 1_000), strings.Repeat("&\n", 1_000), float64(i))
			msg := message.NewObject("a", value, "b", value)
			sent := make([]machine.Output, 20)
			for j := range sent {
				sent[j] = machine.Output{Msg: msg}
			}
			m.Send(r, step, sent, []machine.Target{{Node: "n0", Msg: msg}}, time.Now())
			m.End(r, step, machine.Done, time.Now())
		}
	})
	if err := s.app.Store().Commit(t.Context(), &cut); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/runs", "/runs/r1", "/questions"} {
		page := s.look(path)
		if len(page) > 3_000_000 {
			t.Errorf("%s has %d bytes", path, len(page))
		}
		t.Logf("%s: %d bytes", path, len(page))
	}
	has(t, s.look("/questions"), `#q-q0">The card is long.`)
	has(t, s.look("/runs/r1"), "and 15 more messages", "Shortened for display")
}
