package demo

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	simslack "toban/internal/sim/slack"
	"toban/internal/sim/sshhost"
	"toban/internal/slack"
)

// Who and what there is in the simulated company.
const (
	channel    = "general"
	personID   = "U0DEMO001"
	loginUser  = "ops"
	loginPass  = "a simulated password"
	pollEvery  = "2" // seconds between two looks at the mailbox
	stopTakes  = 4 * time.Second
	startTakes = 3 * time.Second
)

var servers = []string{"web-1", "web-2", "batch-1"}

// world is one simulated company with the real server in it, in one language.
type world struct {
	lang    locale.Lang
	dir     string
	cloud   *ec2.Cloud
	host    *sshhost.Host
	mail    *mailbox.Server
	slack   *simslack.Workspace
	slackAt *httptest.Server
	app     *app.App
	api     client
}

// newWorld starts everything. The data folder is a temporary one.
func newWorld(ctx context.Context, lang locale.Lang, log *slog.Logger) (*world, error) {
	w := &world{lang: lang, cloud: ec2.New(ec2.Options{Pending: startTakes, Stopping: stopTakes})}
	if err := w.start(ctx, log); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	return w, nil
}

func (w *world) start(ctx context.Context, log *slog.Logger) error {
	for _, name := range servers {
		w.cloud.Add(name)
	}
	var err error
	if w.dir, err = os.MkdirTemp("", "toban-demo-"); err != nil {
		return err
	}
	if w.host, err = sshhost.Start(w.cloud, sshhost.Options{User: loginUser, Password: loginPass}); err != nil {
		return err
	}
	if w.mail, err = mailbox.Start(mailbox.Options{}); err != nil {
		return err
	}
	w.slack = simslack.New(simslack.Config{
		TeamName: "Demo",
		Users:    []simslack.User{w.person()},
		Channels: []simslack.Channel{{ID: "C0DEMO001", Name: channel}},
	})
	w.slackAt = httptest.NewServer(w.slack)
	w.app, err = app.New(ctx, app.Options{
		DataDir: w.dir, Lang: w.lang, Log: log, AdminPassword: message.NewID(),
		Slack: slack.Config{BotToken: simslack.DefaultBotToken, AppToken: simslack.DefaultAppToken,
			APIURL: w.slackAt.URL + "/api/", OpsChannel: channel, Lang: w.lang},
	})
	if err != nil {
		return err
	}
	w.api = client{handler: w.app.Handler(), token: w.app.Token()}
	file, err := w.flow()
	if err != nil {
		return err
	}
	return w.api.deploy(ctx, file)
}

// person is who sits in front of the page.
func (w *world) person() simslack.User {
	u := simslack.User{ID: personID, Name: "hana", RealName: "Hana Mori", Locale: "en-US"}
	if w.lang == locale.JA {
		u.RealName, u.Locale = "森 はな", "ja-JP"
	}
	return u
}

// ids are the simulated instances' ids.
func (w *world) ids() []string {
	var ids []string
	for _, i := range w.cloud.Instances() {
		ids = append(ids, i.ID)
	}
	return ids
}

// Close ends everything and removes the data folder.
func (w *world) Close(ctx context.Context) error {
	var errs []error
	if w.app != nil {
		errs = append(errs, w.app.Stop(ctx))
	}
	if w.slackAt != nil {
		w.slackAt.CloseClientConnections()
		w.slackAt.Close()
	}
	for _, c := range []io.Closer{closer(w.mail), closer(w.host)} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	w.cloud.Close()
	if w.dir != "" {
		errs = append(errs, os.RemoveAll(w.dir))
	}
	return errors.Join(errs...)
}

// closer gives nil for a nil pointer, which an interface would hide.
func closer[T any, P interface {
	*T
	io.Closer
}](p P) io.Closer {
	if p == nil {
		return nil
	}
	return p
}

// Server gives the pages and the API of the world's server.
func (w *world) Server() http.Handler { return w.app.Handler() }
