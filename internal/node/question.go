package node

import (
	"time"

	"toban/internal/message"
)

// Question is what an Asker wants decided.
type Question struct {
	Connection string        // Slack connection node id, "" for the default one
	Channel    string        // name or id
	Title      string        // one line, for lists
	Card       message.Value // the message as the flow gives it: a Slack message object, or a text
	Choices    []Choice      // the buttons; none means that a text is asked for
	Timeout    time.Duration // always positive: every question ends
	Approvers  []string      // Slack user ids that may answer; empty means anyone in the channel
}

// Choice is one button. Index is its position in Question.Choices.
type Choice struct {
	Name, Value, Label, Style string
	Confirm                   message.Value // Slack's confirm object, or undefined
}

// Answer is the answer that counted.
type Answer struct {
	Choice  int    // index into Question.Choices, -1 for a text
	Value   string // the choice's value or the text
	By      Person
	At      time.Time
	Via     string        // "slack", "console", "api"
	Payload message.Value // the interaction in Slack's legacy interactive_message shape
}

// Person is who did something. ID and TeamID are the identity, Name is for display.
type Person struct{ ID, TeamID, Name string }
