package console

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// timeline is the steps of a run in the order in which they are read: each
// step is followed by what came out of it, so that branches stay together.
type timeline struct {
	*look
	run       store.Run
	names     func(id string) (name, typ string)
	order     []placed
	place     map[int]int // of a step's number in order
	questions map[string]store.Question
	rows      []store.Question
	values    int               // bytes of values that are on the page
	due       map[int]time.Time // by step: until when its message is held
}

// placed is a step with how deep it is indented.
type placed struct {
	*machine.Step
	depth  int
	branch bool // it doesn't follow the step above it, or that has other branches
}

// stepView is a step as a page shows it.
type stepView struct {
	Number, Depth    int
	From             int // number of the step that it came from, where that isn't the one above
	FromAt           string
	Name, Type       string
	Status           badge
	Started          moment
	Took             string
	Input            *shown
	Outputs          []output
	MoreOutputs      int
	Whole            string // where the whole values are
	Error, Code      string
	Caught           bool
	Action, Target   string
	Detail           string
	Previewed        bool
	Note             string
	Again            int // attempts, when more than one
	Question         string
	Outcome, Ask     string
	Waits            *countdown
	Held             *held
	QuestionIsOnPage bool
}

type output struct {
	Port int
	shown
}

// The bounds of one step.
const (
	shownOutputs = 5
	shownError   = 4000
	deepest      = 6
)

func (l *look) timeline(run store.Run, history *machine.History, rows []store.Question) *timeline {
	t := &timeline{look: l, run: run, names: l.cfg.Engine.Names(run.Revision), order: arrange(history.Steps), place: map[int]int{}, questions: map[string]store.Question{}, rows: rows}
	for i, s := range t.order {
		t.place[s.Seq] = i
	}
	for _, q := range rows {
		t.questions[q.ID] = q
	}
	return t
}

// arrange puts steps in reading order.
func arrange(steps []*machine.Step) []placed {
	children := map[int][]*machine.Step{}
	known := map[int]bool{}
	var stack []placed
	for _, s := range steps {
		if s == nil {
			continue
		}
		if s.Parent >= 0 && known[s.Parent] { // a parent is older than its children
			children[s.Parent] = append(children[s.Parent], s)
		} else {
			stack = append(stack, placed{Step: s, branch: true})
		}
		known[s.Seq] = true
	}
	reverse(stack)
	order := make([]placed, 0, len(known))
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, p)
		below := children[p.Seq]
		for i := len(below) - 1; i >= 0; i-- {
			next := placed{Step: below[i], depth: p.depth, branch: len(below) > 1}
			if next.branch {
				next.depth++
			}
			stack = append(stack, next)
		}
	}
	return order
}

func reverse(list []placed) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
}

// name names a node of the run's revision.
func (t *timeline) name(id string) string {
	name, typ := t.names(id)
	return shorten(cmp.Or(name, typ, id), 100)
}

// address is where a place in the timeline stands.
func (t *timeline) address(run string, place int) string {
	from := place - place%stepsPerPage
	if from == 0 {
		return "/runs/" + run
	}
	return "/runs/" + run + "?from=" + strconv.Itoa(from)
}

func (t *timeline) stepAt(place int) string {
	return t.address(t.run.ID, place) + "#step-" + strconv.Itoa(t.order[place].Seq+1)
}

// failure finds the step that failed the run.
func (t *timeline) failure(run store.Run) (at, node string) {
	for i, s := range t.order {
		if s.Error != "" && !s.Caught && s.Error == run.Error {
			return t.stepAt(i), t.name(s.Node)
		}
	}
	return "", ""
}

// step shows the step at a place.
func (t *timeline) step(place int) stepView {
	s := t.order[place]
	_, typ := t.names(s.Node)
	v := stepView{Number: s.Seq + 1, Depth: min(s.depth, deepest), Name: t.name(s.Node), Type: shorten(typ, 60), Status: t.stepBadge(s.State),
		Error: shorten(s.Error, shownError), Code: shorten(s.Code, 100), Caught: s.Caught, Note: shorten(s.Note, shownError),
		Action: s.Preview.Action, Target: shorten(s.Preview.Target, 300), Detail: shorten(s.Preview.Detail, shownError), Previewed: s.State == machine.Previewed,
		Whole: fmt.Sprintf("/runs/%s/steps/%d", t.run.ID, s.Seq)}
	if s.Attempt > 1 {
		v.Again = s.Attempt
	}
	if parent, ok := t.place[s.Parent]; ok && s.Parent >= 0 && parent != place-1 {
		v.From, v.FromAt = s.Parent+1, t.stepAt(parent)
	}
	if !s.StartedAt.IsZero() {
		v.Started = t.at(s.StartedAt)
		if !s.EndedAt.IsZero() {
			v.Took = t.took(s.EndedAt.Sub(s.StartedAt))
		}
	}
	if s.State == machine.Held {
		h := t.holds(place)
		v.Held = &h
	}
	t.showValues(&v, s.Step)
	t.asked(&v, s.Question)
	return v
}

func (t *timeline) showValues(v *stepView, s *machine.Step) {
	if s.Input != nil {
		in := t.readable(s.Input)
		v.Input = &in
	}
	for i, o := range s.Outputs {
		if i == shownOutputs {
			v.MoreOutputs = len(s.Outputs) - i
			break
		}
		v.Outputs = append(v.Outputs, output{o.Port + 1, t.readable(o.Msg)})
	}
}

// readable makes a value readable while there is room for it on the page.
func (t *timeline) readable(v message.Value) shown {
	s := showValue(v, min(shownBytes, max(allValues-t.values, 0)))
	t.values += len(s.Text)
	return s
}

// asked says how the question of a step stands.
func (t *timeline) asked(v *stepView, id string) {
	q, ok := t.questions[id]
	if !ok {
		return
	}
	v.Question, v.Ask = q.ID, shorten(q.Title, 300)
	if q.State == store.Open {
		v.Waits = t.left(q.Deadline)
		return
	}
	if card, err := t.cfg.Engine.Card(q); err == nil {
		v.Outcome = t.outcome(card)
	}
}

// wholeStep is a step's values as they are.
func wholeStep(s *machine.Step) string {
	var outputs []message.Value
	for _, o := range s.Outputs {
		outputs = append(outputs, message.NewObject("output", float64(o.Port+1), "message", o.Msg))
	}
	var input message.Value = message.Null{}
	if s.Input != nil {
		input = s.Input
	}
	text, _ := message.Stringify(message.NewObject("step", float64(s.Seq+1), "input", input, "outputs", message.NewArray(outputs...)), 2)
	return text
}
