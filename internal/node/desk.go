package node

import (
	"context"
	"errors"
	"time"
)

// Desk shows questions where people are. The Slack gateway is one; the engine
// knows it only by this interface.
type Desk interface {
	// Post shows an open question and gives a reference to where it stands. If
	// the card of this question is already there (seen by its id in the
	// message's metadata), it gives that one instead of posting twice.
	Post(ctx context.Context, c Card) (ref string, err error)
	// Find gives where the card of a question stands, "" if it is not seen: it was
	// never posted, or the channel can't be read. An error is one that may pass.
	Find(ctx context.Context, c Card) (ref string, err error)
	// Update makes the posted card show the state of c; an ended one loses its buttons.
	Update(ctx context.Context, c Card, ref string) error
	// Note posts a text, below the message ref unless it is "".
	Note(ctx context.Context, connection, channel, ref, text string) error
}

// Card is a question as a Desk shows it.
type Card struct {
	ID        string // opaque; buttons carry it
	Run       string
	Kind      string // "ask": an Asker's; "unknown": the engine's, about an effect
	Question  Question
	Deadline  time.Time
	State     string // open, answered, expired, cancelled
	Answer    *Answer
	Rehearsal bool
}

// Answerer takes answers. The engine is one.
type Answerer interface {
	// Answer ends the question id with a. The card is as the question then
	// stands. ErrClosed: it had ended before. ErrNotAllowed: a.By may not answer.
	// ErrNoQuestion: no such question.
	Answer(ctx context.Context, id string, a Answer) (Card, error)
}

// The errors of Answerer.
var (
	ErrClosed     = errors.New("the question has ended")
	ErrNotAllowed = errors.New("this person may not answer")
	ErrNoQuestion = errors.New("no such question")
)
