package console

import (
	"cmp"
	"errors"
	"slices"

	"toban/internal/history"
	"toban/internal/store"
)

// stepsPerPage is the length of a page of the timeline.
const stepsPerPage = 100

// relatives bounds the runs that came out of a run and are linked.
const relatives = 20

// runView is one run.
type runView struct {
	runRow
	Source, EventKey, Revision string
	Full                       string // its error
	FailedAt                   string // where the step stands that failed the run
	FailedNode                 string
	Ended                      moment
	Open                       bool
	Operates                   bool
	Parent                     *runRow
	Children                   []runRow
	Questions                  []questionView // open ones
	Talk                       []said
	MoreTalk                   int
	Steps                      []stepView
	Count, From, To            int
	Pages                      []pageLink
	Held                       []held
	MoreHeld                   int
	clock
}

// run shows one run (GET /runs/{id}): from is the place in the timeline that it begins at.
func (l *look) run() error {
	id := l.r.PathValue("id")
	if l.unchanged(l.cfg.Store.run(id)) {
		return nil
	}
	run, records, err := l.cfg.Store.Run(l.r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return noSuchRun(id)
	}
	if err != nil {
		return err
	}
	past, err := history.Read(records)
	if err != nil {
		return err
	}
	rows, err := l.cfg.Store.Questions(l.r.Context(), store.QuestionFilter{Run: id, Limit: mostWaits})
	if err != nil {
		return err
	}
	slices.Reverse(rows) // the oldest first
	v := runView{runRow: l.row(run, stillOpen(rows)), EventKey: shorten(run.EventKey, 300), Revision: shorten(run.Revision, 12), Full: shorten(run.Error, 4000),
		Open: run.EndedAt.IsZero(), Operates: l.operates(), clock: l.clock()}
	if !v.Open {
		v.Ended = l.at(run.EndedAt)
	}
	t := l.timeline(run, past, rows)
	v.Source = t.name(run.Source)
	v.FailedAt, v.FailedNode = t.failure(run)
	if v.Held, v.MoreHeld = t.held(); len(v.Held) > 0 {
		v.Waiting = slices.DeleteFunc(v.Waiting, func(w waiting) bool { return w.Left == nil }) // it says more
	}
	t.cut(&v, l.r.URL.Query().Get("from"))
	v.Talk, v.MoreTalk = t.talk()
	if v.Questions, err = l.openQuestions(rows); err != nil {
		return err
	}
	if err := l.family(&v, cmp.Or(run.Parent, past.Parent)); err != nil {
		return err
	}
	l.page.Title, l.page.Section = v.Title, "runs"
	return l.show(runBody, v)
}

func stillOpen(rows []store.Question) []store.Question {
	return slices.DeleteFunc(slices.Clone(rows), func(q store.Question) bool { return q.State != store.Open })
}

func (l *look) openQuestions(rows []store.Question) (list []questionView, err error) {
	for _, row := range stillOpen(rows) {
		v, err := l.question(row, backToRun)
		if err != nil {
			return nil, err
		}
		if list = append(list, v); len(list) == relatives {
			break
		}
	}
	return list, nil
}

// family links the run that this one came out of, and those that came out of it.
func (l *look) family(v *runView, parent string) error {
	if parent != "" {
		switch run, _, err := l.cfg.Store.Run(l.r.Context(), parent); {
		case err == nil:
			row := l.row(run, nil)
			v.Parent = &row
			l.unsure = l.unsure || run.EndedAt.IsZero() // how it goes on is no change of this one
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	children, err := l.cfg.Store.Runs(l.r.Context(), store.RunFilter{Parent: v.ID, Limit: relatives})
	for _, run := range children {
		v.Children = append(v.Children, l.row(run, nil))
	}
	return err
}

// cut takes the page of the timeline that is asked for.
func (t *timeline) cut(v *runView, asked string) {
	from := partFrom(asked, len(t.order), stepsPerPage)
	to := min(from+stepsPerPage, len(t.order))
	for i := from; i < to; i++ {
		v.Steps = append(v.Steps, t.step(i))
	}
	v.Count, v.From, v.To = len(t.order), from+1, to
	v.Pages = parts(len(t.order), from, stepsPerPage, func(place int) string { return t.address(v.ID, place) })
}
