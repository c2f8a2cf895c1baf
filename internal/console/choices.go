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
	var list []decision
	for _, n := range l.cfg.Engine.Nodes() {
		d, ok := l.pending(n.ID)
		if !ok {
			continue
		}
		v := decision{Node: n.ID, Name: shorten(cmp.Or(n.Name, n.Type), 100), Tab: shorten(n.Where(), 200), Question: d.Question(l.page.Lang)}
		for _, o := range d.Options {
			v.Options = append(v.Options, l.option(o))
		}
		list = append(list, v)
	}
	return list
}

func (l *look) option(o node.Option) option {
	v := option{Name: o.Name, Label: o.Label(l.page.Lang)}
	if o.Means != nil {
		v.Means = o.Means(l.page.Lang)
	}
	return v
}

func (l *look) pending(id string) (node.Decision, bool) {
	_, impl, ok := l.cfg.Engine.Lookup(id)
	chooser, isChooser := impl.(node.Chooser)
	if !ok || !isChooser {
		return node.Decision{}, false
	}
	return chooser.Pending()
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
