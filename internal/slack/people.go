package slack

import (
	"context"
	"regexp"
	"time"

	slackgo "github.com/slack-go/slack"

	"toban/internal/locale"
)

var userIDs = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// person is what is known about a Slack user.
type person struct {
	lang      locale.Lang
	name      string    // as Slack shows it
	rejection string    // the text that says why they may not decide, "" if they may
	until     time.Time // how long this is believed
}

// peopleAge is how long a user's record is believed; peopleWait is how long a
// click waits for it.
const (
	peopleAge  = 10 * time.Minute
	peopleWait = 3 * time.Second
)

// person looks a user up. Where that can't be done (no users:read, a slow Slack),
// the language is the connection's and nothing else is known: who clicked is
// known from the click itself, and an answer must not get lost over it.
func (g *Gateway) person(ctx context.Context, id string) person {
	g.mu.Lock()
	p, ok := g.people[id]
	g.mu.Unlock()
	if ok && time.Now().Before(p.until) {
		return p
	}
	ctx, stop := context.WithTimeout(ctx, peopleWait)
	defer stop()
	var u *slackgo.User
	err := g.call(ctx, true, func(ctx context.Context) (err error) {
		u, err = g.api.GetUserInfoContext(ctx, id)
		return err
	})
	if err != nil {
		return person{lang: g.lang()}
	}
	p = person{lang: g.lang(), until: time.Now().Add(peopleAge), rejection: rejection(u), name: nameOf(u)}
	if u.Locale != "" {
		p.lang = locale.Parse(u.Locale)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.people) > 10000 {
		clear(g.people)
	}
	g.people[id] = p
	return p
}

// rejection names the reason why a member may not decide, "" if there is none.
func rejection(u *slackgo.User) string {
	switch {
	case u.Deleted:
		return "slack.click_deactivated"
	case u.IsBot:
		return "slack.click_bot"
	case u.IsRestricted, u.IsUltraRestricted:
		return "slack.click_guest"
	}
	return ""
}
