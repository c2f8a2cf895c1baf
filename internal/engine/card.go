package engine

import (
	"time"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// encodeQuestion keeps what a card needs and the question's row has no column for.
func encodeQuestion(q node.Question, rehearsal bool) []byte {
	choices := make([]message.Value, len(q.Choices))
	for i, c := range q.Choices {
		choices[i] = message.NewObject("name", c.Name, "value", c.Value, "label", c.Label,
			"style", c.Style, "confirm", c.Confirm)
	}
	return machine.Encode(message.NewObject("card", q.Card, "choices", message.NewArray(choices...),
		"rehearsal", rehearsal))
}

// cardOf makes the card of a question's row.
func cardOf(q store.Question) (node.Card, error) {
	v, err := machine.Decode(q.Body)
	if err != nil {
		return node.Card{}, err
	}
	body, _ := v.(*message.Object)
	card := node.Card{
		ID: q.ID, Run: q.Run, Kind: q.Kind, Deadline: q.Deadline, State: q.State,
		Rehearsal: body.Get("rehearsal") == true,
		Question: node.Question{
			Connection: q.Connection, Channel: q.Channel, Title: q.Title, Card: body.Get("card"),
			Timeout: q.Deadline.Sub(q.CreatedAt), Approvers: q.Approvers,
		},
	}
	choices, _ := body.Get("choices").(*message.Array)
	if choices == nil {
		choices = message.NewArray()
	}
	for _, item := range choices.All() {
		c := item.(*message.Object)
		card.Question.Choices = append(card.Question.Choices, node.Choice{Name: c.Text("name"), Value: c.Text("value"),
			Label: c.Text("label"), Style: c.Text("style"), Confirm: c.Get("confirm")})
	}
	if q.State == store.Answered {
		a, err := decodeAnswer(q.Answer)
		if err != nil {
			return node.Card{}, err
		}
		card.Answer = &a
	}
	return card, nil
}

func encodeAnswer(a node.Answer) []byte {
	return machine.Encode(message.NewObject("choice", float64(a.Choice), "value", a.Value, "id", a.By.ID,
		"team", a.By.TeamID, "name", a.By.Name, "at", message.DateOf(a.At), "via", a.Via, "payload", a.Payload))
}

func decodeAnswer(b []byte) (node.Answer, error) {
	v, err := machine.Decode(b)
	if err != nil {
		return node.Answer{}, err
	}
	o, _ := v.(*message.Object)
	choice, _ := o.Get("choice").(float64)
	at, _ := o.Get("at").(message.Date)
	when, ok := at.Time()
	if !ok {
		when = time.Time{}
	}
	return node.Answer{
		Choice: int(choice), Value: o.Text("value"), At: when, Via: o.Text("via"), Payload: o.Get("payload"),
		By: node.Person{ID: o.Text("id"), TeamID: o.Text("team"), Name: o.Text("name")},
	}, nil
}
