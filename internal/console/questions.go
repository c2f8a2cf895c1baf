package console

import (
	"slices"

	"toban/internal/engine"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// The bounds of the list.
const (
	mostQuestions = 200
	mostEnded     = 50
)

// questions shows what waits for a person, and what did (GET /questions).
func (l *look) questions() error {
	open, err := l.listed()
	if err != nil {
		return err
	}
	if err := l.nameRuns(open); err != nil {
		return err
	}
	ended, err := l.ended()
	if err != nil {
		return err
	}
	l.page.Title, l.page.Section = l.text("page.questions"), "questions"
	return l.show(questionsBody, struct {
		Open, Ended []questionView
		Decisions   []decision
		Operates    bool
		Zone        string
	}{open, ended, l.decisions(), l.operates(), l.zone()})
}

func (l *look) listed() ([]questionView, error) {
	rows, err := l.openOnes()
	if err != nil {
		return nil, err
	}
	rows = slices.SortedStableFunc(slices.Values(rows), moreUrgent)
	rows = rows[:min(len(rows), mostQuestions)]
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

// moreUrgent puts unknown outcomes first, where work has stopped half way, then
// what has the least time left.
func moreUrgent(a, b store.Question) int {
	if a.Kind != b.Kind {
		if a.Kind == engine.KindUnknown {
			return -1
		}
		return 1
	}
	return a.Deadline.Compare(b.Deadline)
}

// nameRuns gives each question the title of its run, which says what it is about.
func (l *look) nameRuns(list []questionView) error {
	runs, err := l.cfg.Store.Runs(l.r.Context(), store.RunFilter{Status: machine.RunWaiting, Limit: mostWaits})
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for _, run := range runs {
		titles[run.ID] = l.title(run)
	}
	for i := range list {
		list[i].RunTitle = titles[list[i].Run]
	}
	return nil
}

// ended are the last questions that are over, the newest first, without their cards.
func (l *look) ended() ([]questionView, error) {
	rows, err := l.cfg.Store.Questions(l.r.Context(), store.QuestionFilter{Limit: mostQuestions + mostEnded})
	if err != nil {
		return nil, err
	}
	list := make([]questionView, 0, mostEnded)
	for _, row := range rows {
		if row.State == store.Open || len(list) == mostEnded {
			continue
		}
		v, err := l.question(row, "")
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// decision is what a node wants decided about itself, such as a mailbox with
// many unread mails.
type decision struct {
	Node, Name, Question string
	Options              []option
}

type option struct{ Name, Label string }

func (l *look) decisions() []decision {
	var list []decision
	for _, n := range l.cfg.Engine.Nodes() {
		d, ok := l.pending(n.ID)
		if !ok {
			continue
		}
		v := decision{Node: n.ID, Name: n.Name, Question: d.Question(l.page.Lang)}
		if v.Name == "" {
			v.Name = n.Type
		}
		for _, o := range d.Options {
			v.Options = append(v.Options, option{o.Name, o.Label(l.page.Lang)})
		}
		list = append(list, v)
	}
	return list
}

func (l *look) pending(id string) (node.Decision, bool) {
	_, impl, ok := l.cfg.Engine.Lookup(id)
	chooser, isChooser := impl.(node.Chooser)
	if !ok || !isChooser {
		return node.Decision{}, false
	}
	return chooser.Pending()
}
