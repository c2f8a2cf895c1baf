package console

import (
	"strconv"

	"toban/internal/store"
)

// The bounds of the list.
const (
	questionsPerPage = 50
	mostEnded        = 50
)

// questionsView is a part of the open questions, and, with the first part, what ended.
type questionsView struct {
	Open, Ended []questionView
	Decisions   []decision
	Operates    bool
	Count       int // of all that are open
	Pages       []pageLink
	clock
}

// questions shows what waits for a person, and what did (GET /questions): from is
// the place in the list that it begins at.
func (l *look) questions() error {
	decisions := l.decisions()
	if l.unchanged(l.cfg.Store.questions(), decisions) {
		return nil
	}
	v := questionsView{Decisions: decisions, Operates: l.operates(), clock: l.clock()}
	if err := l.part(&v, l.r.URL.Query().Get("from")); err != nil {
		return err
	}
	l.page.Title, l.page.Section = l.text("page.questions"), "questions"
	return l.show(questionsBody, v)
}

// part takes the part of the list that is asked for; only that is read.
func (l *look) part(v *questionsView, asked string) (err error) {
	all := l.cfg.Store.urgent()
	from := partFrom(asked, len(all), questionsPerPage)
	v.Count = len(all)
	v.Pages = parts(len(all), from, questionsPerPage, questionsAt)
	for _, q := range all[from:min(from+questionsPerPage, len(all))] {
		rows, err := l.cfg.Store.read(l.r.Context(), []string{q.id})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.State != store.Open { // it has ended since
				continue
			}
			view, err := l.question(row, "")
			if err != nil {
				return err
			}
			view.RunTitle = l.title(store.Run{ID: q.run, Title: q.title, Source: q.source, Revision: q.revision})
			v.Open = append(v.Open, view)
		}
	}
	if from == 0 {
		v.Ended, err = l.ended()
	} else {
		v.Decisions = nil
	}
	return err
}

func questionsAt(place int) string {
	if place == 0 {
		return "/questions"
	}
	return "/questions?from=" + strconv.Itoa(place)
}

// ended are the last questions that are over, the newest first, without their cards.
func (l *look) ended() ([]questionView, error) {
	ids, err := l.cfg.Store.lastEnded(l.r.Context())
	if err != nil {
		return nil, err
	}
	rows, err := l.cfg.Store.read(l.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	list := make([]questionView, 0, len(rows))
	for _, row := range rows {
		v, err := l.question(row, "")
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
