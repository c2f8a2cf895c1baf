package console

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"toban/internal/machine"
	"toban/internal/store"
)

// runsPerPage is the length of a page of the list.
const runsPerPage = 50

// periods are the filters by age.
var periods = []struct {
	name string
	last time.Duration
}{{"hour", time.Hour}, {"day", 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour}}

// statuses are the filters by status, in the order of their urgency.
var statuses = []string{machine.RunWaiting, machine.RunRunning, machine.RunFailed, machine.RunDone, machine.RunCancelled}

// runRow is a run in the list.
type runRow struct {
	ID, Title, Flow string
	Status          badge
	Started         moment
	Took            string
	Waiting         []waiting
	MoreWaiting     int // questions
	Error           string
	Rehearsal       bool
}

// waiting is one thing that a run waits for.
type waiting struct {
	What string
	Left *countdown
}

// option of a filter, and where it leads.
type filterOption struct {
	Value, Label, To string
	Chosen           bool
}

// runsView is the list with its filters.
type runsView struct {
	Runs                  []runRow
	Statuses              []filterOption
	Flows, Periods        []filterOption
	Text, Status          string
	Rehearsal, Filtered   bool
	Narrowed, First       bool // other filters than the status; the newest page
	Newest, Older, Forget string
	clock
}

// runs lists runs, newest first (GET /runs): status, flow, text, period, rehearsal, before.
func (l *look) runs() error {
	if l.unchanged(l.cfg.Store.anything()) {
		return nil
	}
	q := l.r.URL.Query()
	f := store.RunFilter{Status: q.Get("status"), Flow: q.Get("flow"), Text: shorten(strings.TrimSpace(q.Get("text")), 200),
		Before: q.Get("before"), Rehearsal: q.Get("rehearsal") == "1", Limit: runsPerPage + 1}
	for _, p := range periods {
		if q.Get("period") == p.name {
			f.Since = l.now.Add(-p.last)
		}
	}
	runs, err := l.cfg.Store.Runs(l.r.Context(), f)
	if err != nil {
		return err
	}
	v := runsView{Statuses: l.statusOptions(q), Flows: l.flowOptions(f.Flow), Periods: l.periodOptions(q.Get("period")), Text: f.Text, Status: f.Status,
		Rehearsal: f.Rehearsal, First: f.Before == "", Newest: with(q, "before", ""), Forget: "/runs", clock: l.clock()}
	v.Narrowed = f.Flow != "" || f.Text != "" || f.Rehearsal || !f.Since.IsZero()
	v.Filtered = v.Narrowed || f.Status != ""
	if len(runs) > runsPerPage {
		runs = runs[:runsPerPage]
		v.Older = with(q, "before", runs[runsPerPage-1].ID)
	}
	if v.Runs, err = l.rows(runs); err != nil {
		return err
	}
	l.page.Title, l.page.Section = l.text("page.runs"), "runs"
	return l.show(runsBody, v)
}

// rows makes the rows of runs, with what the waiting ones wait for.
func (l *look) rows(runs []store.Run) ([]runRow, error) {
	open, err := l.openIn(runs)
	if err != nil {
		return nil, err
	}
	list := make([]runRow, 0, len(runs))
	for _, run := range runs {
		row := l.row(run, open[run.ID].rows)
		row.MoreWaiting = open[run.ID].more
		list = append(list, row)
	}
	return list, nil
}

// mostWaits bounds the questions of one run that are looked through, and
// shownWaits those that the list shows.
const (
	mostWaits  = 1000
	shownWaits = 3
)

// openIn reads the open questions of runs, the most urgent ones of each; more
// counts the others.
func (l *look) openIn(runs []store.Run) (map[string]openOfRun, error) {
	found := map[string]openOfRun{}
	for _, run := range runs {
		if run.Status == machine.RunWaiting {
			found[run.ID] = openOfRun{}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	for _, q := range l.cfg.Store.urgent() {
		of, wanted := found[q.run]
		if !wanted {
			continue
		}
		if len(of.rows) == shownWaits {
			of.more++
		} else if rows, err := l.cfg.Store.read(l.r.Context(), []string{q.id}); err != nil {
			return nil, err
		} else {
			of.rows = append(of.rows, rows...)
		}
		found[q.run] = of
	}
	return found, nil
}

// openOfRun are the open questions of a run that are shown, and how many aren't.
type openOfRun struct {
	rows []store.Question
	more int
}

func (l *look) row(run store.Run, open []store.Question) runRow {
	row := runRow{ID: run.ID, Title: l.title(run), Flow: shorten(run.FlowName, 100), Status: l.runBadge(run.Status), Started: l.at(run.StartedAt),
		Error: shorten(firstLine(run.Error), 300), Rehearsal: run.Rehearsal, Waiting: l.waits(run, open)}
	if !run.EndedAt.IsZero() {
		row.Took = l.took(run.EndedAt.Sub(run.StartedAt))
	}
	return row
}

// waits says what a run waits for.
func (l *look) waits(run store.Run, open []store.Question) (list []waiting) {
	if run.Status != machine.RunWaiting {
		return nil
	}
	for _, q := range open {
		if q.Run == run.ID {
			list = append(list, waiting{shorten(q.Title, 200), l.left(q.Deadline)})
		}
	}
	if len(list) == 0 && run.Waiting != "" {
		list = append(list, waiting{What: l.text("console.waiting." + run.Waiting)})
	}
	return list
}

// title names a run: by its event, else by the node that it began at.
func (l *look) title(run store.Run) string {
	if title := firstLine(run.Title); title != "" {
		return shorten(title, 300)
	}
	name, typ := l.cfg.Engine.Names(run.Revision)(run.Source)
	return shorten(cmp.Or(name, typ, run.ID), 300)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return visible(line)
}

func (l *look) statusOptions(q url.Values) []filterOption {
	current := q.Get("status")
	list := []filterOption{{"", l.text("console.any_status"), with(q, "status", ""), current == ""}}
	for _, s := range statuses {
		list = append(list, filterOption{s, l.text("console.run." + s), with(q, "status", s), current == s})
	}
	return list
}

// flowOptions are the tabs of today, and the one that is asked for.
func (l *look) flowOptions(current string) []filterOption {
	list := []filterOption{{Label: l.text("console.any_flow"), Chosen: current == ""}}
	for _, n := range l.cfg.Flows.Current().Nodes {
		if n.Text("type") != "tab" {
			continue
		}
		id := n.Text("id")
		list = append(list, filterOption{Value: id, Label: shorten(cmp.Or(n.Text("label"), id), 100), Chosen: id == current})
	}
	if !slices.ContainsFunc(list, func(o filterOption) bool { return o.Chosen }) {
		list = append(list, filterOption{Value: current, Label: shorten(current, 100), Chosen: true})
	}
	return list
}

func (l *look) periodOptions(current string) []filterOption {
	list := []filterOption{{Label: l.text("console.any_period")}}
	for _, p := range periods {
		list = append(list, filterOption{Value: p.name, Label: l.text("console.period." + p.name), Chosen: p.name == current})
	}
	return list
}

// with is the list's address with one parameter changed, from its first page on.
func with(q url.Values, key, value string) string {
	changed := url.Values{}
	for _, name := range []string{"status", "flow", "text", "period", "rehearsal"} {
		if v := q.Get(name); v != "" {
			changed.Set(name, v)
		}
	}
	changed.Del(key)
	if value != "" {
		changed.Set(key, value)
	}
	if len(changed) == 0 {
		return "/runs"
	}
	return "/runs?" + changed.Encode()
}
