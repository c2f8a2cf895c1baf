package cli

import (
	"context"
	"net/url"
	"slices"
	"time"

	"toban/internal/locale"
)

// question is an open question as the API gives it.
type question struct {
	Run      string    `json:"run"`
	Title    string    `json:"title"`
	Deadline time.Time `json:"deadline"`
}

// openQuestions gives the open questions of a run, or of all runs with "".
func openQuestions(ctx context.Context, api *client, run string) ([]question, error) {
	q := url.Values{"state": {"open"}, "limit": {"500"}}
	if run != "" {
		q.Set("run", run)
	}
	var answer struct{ Questions []question }
	err := api.get(ctx, "/api/questions?"+q.Encode(), &answer)
	return answer.Questions, err
}

// waits reports whether a run waits for a person.
func (r run) waits() bool { return r.Waiting != "" && r.EndedAt.IsZero() }

// waitsFor says in lines what a run waits for: its questions, the most urgent one
// first, with the time that is left for each.
func (r run) waitsFor(lang locale.Lang, questions []question, now time.Time) []string {
	if !r.waits() {
		return nil
	}
	var mine []question
	for _, q := range questions {
		if q.Run == r.ID {
			mine = append(mine, q)
		}
	}
	slices.SortStableFunc(mine, func(a, b question) int { return a.Deadline.Compare(b.Deadline) })
	if len(mine) == 0 {
		return []string{waitingWord(lang, r.Waiting)}
	}
	lines := make([]string, len(mine))
	for i, q := range mine {
		lines[i] = q.line(lang, now)
	}
	return lines
}

func (q question) line(lang locale.Lang, now time.Time) string {
	if q.Deadline.IsZero() {
		return lang.Text("cli.waits_always", "title", q.Title)
	}
	return lang.Text("cli.waits_question", "title", q.Title, "left", left(lang, q.Deadline.Sub(now)))
}

// waitingWord is what a run waits for, in a person's words.
func waitingWord(lang locale.Lang, waiting string) string {
	switch waiting {
	case "asking", "held", "unknown":
		return lang.Text("cli.waits_" + waiting)
	}
	return waiting
}
