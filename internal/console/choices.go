package console

import (
	"cmp"
	"errors"

	"toban/internal/locale"
	"toban/internal/node"
)

// decision is what a node wants decided about itself, such as a mailbox with
// many unread mails.
type decision struct {
	Node, Name, Tab, Question string
	Options                   []option
}

type option struct{ Name, Label, Means string }

// decisions are those that are open, in the order of the nodes' start.
func (l *look) decisions() []decision {
	if l.decided == nil {
		l.decided = l.findDecisions()
	}
	return l.decided
}

func (l *look) findDecisions() []decision {
	list := []decision{}
	for _, n := range l.cfg.Engine.Nodes() {
		_, impl, _ := l.cfg.Engine.Lookup(n.ID)
		d, ok := node.PendingOf(impl)
		if !ok {
			continue
		}
		v := decision{Node: n.ID, Name: shorten(cmp.Or(n.Name, n.Type), 100), Tab: shorten(n.Where(), 200), Question: d.Question(l.page.Lang)}
		for _, o := range d.Options {
			v.Options = append(v.Options, option{o.Name, o.Label(l.page.Lang), o.Meaning(l.page.Lang)})
		}
		list = append(list, v)
	}
	return list
}

// choose decides for a node (POST /questions/choose: node, option).
func (l *look) choose() error {
	if err := l.r.ParseForm(); err != nil {
		return badForm(err)
	}
	_, impl, _ := l.cfg.Engine.Lookup(l.r.PostForm.Get("node"))
	chooser, ok := impl.(node.Chooser)
	if !ok {
		return notPending()
	}
	switch err := chooser.Choose(l.r.PostForm.Get("option")); {
	case errors.Is(err, node.ErrNotPending):
		return notPending()
	case errors.Is(err, node.ErrNoOption):
		return badForm(locale.Errorf("console.no_such_choice"))
	case err != nil:
		return err
	}
	return l.redirect("/questions")
}
