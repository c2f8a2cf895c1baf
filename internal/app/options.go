package app

import (
	"cmp"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/server"
	"toban/internal/slack"
)

// Options say how a server is to run. DataDir is required; the zero value of
// everything else is a sensible default.
type Options struct {
	DataDir string
	// AdminPassword is the admin's; "" uses the one that was set before.
	AdminPassword string
	// CredentialSecret encrypts the credentials; "" uses a key file in DataDir.
	CredentialSecret string
	// Slack is the default connection; the zero Config: there is none.
	Slack    slack.Config
	Rehearse bool
	Lang     locale.Lang
	Zone     *time.Location
	Log      *slog.Logger
	// HTTPNodeRoot is put in front of the paths of http in nodes.
	HTTPNodeRoot string
	// Hosts are the DNS names under which people reach the server, besides
	// localhost and addresses.
	Hosts []string
	// Proxies are the reverse proxies in front, besides those on this machine.
	Proxies server.Proxies
	// FlowPages says where pages of flows are not in a sandbox.
	FlowPages server.FlowPages
	// Settings are further runtime settings by Node-RED's names.
	Settings map[string]message.Value
	// Keep is how long ended runs are kept. 0: 30 days.
	Keep time.Duration
	// KeepBytes is how much the database may hold before the oldest ended runs
	// go, in bytes. 0: 4 GB.
	KeepBytes int64
}

func (o *Options) setDefaults() {
	if o.Lang == "" {
		o.Lang = locale.FromEnv()
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	o.Slack.Lang, o.Slack.Zone = cmp.Or(o.Slack.Lang, o.Lang), cmp.Or(o.Slack.Zone, o.Zone)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if root := strings.Trim(o.HTTPNodeRoot, "/"); root != "" {
		o.HTTPNodeRoot = "/" + root
	} else {
		o.HTTPNodeRoot = ""
	}
	if o.Keep == 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.KeepBytes == 0 {
		o.KeepBytes = 4e9
	}
}

func (o *Options) setting(name string) message.Value { return o.Settings[name] }

// FromEnv gives the options that the environment sets: TOBAN_ADMIN_PASSWORD,
// TOBAN_CREDENTIAL_SECRET, TOBAN_LANG, TOBAN_TZ, TOBAN_HTTP_NODE_ROOT, TOBAN_HOSTS
// (separated by commas), TOBAN_PROXIES, TOBAN_FLOW_PAGES, TOBAN_KEEP_DAYS,
// TOBAN_KEEP_MB, and the SLACK_ ones.
func FromEnv(getenv func(string) string) (Options, error) {
	o := Options{
		AdminPassword:    getenv("TOBAN_ADMIN_PASSWORD"),
		CredentialSecret: getenv("TOBAN_CREDENTIAL_SECRET"),
		Lang:             locale.FromEnv(),
		HTTPNodeRoot:     getenv("TOBAN_HTTP_NODE_ROOT"),
	}
	o.Hosts = names(getenv("TOBAN_HOSTS"))
	var err error
	if o.Proxies, err = proxies(getenv("TOBAN_PROXIES")); err != nil {
		return o, err
	}
	if o.FlowPages, err = flowPages(getenv("TOBAN_FLOW_PAGES"), o.Hosts); err != nil {
		return o, err
	}
	if name := getenv("TOBAN_TZ"); name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return o, locale.Errorf("app.bad_zone", "zone", name).Because(err)
		}
		o.Zone = zone
	}
	days, err := number(getenv, "TOBAN_KEEP_DAYS")
	if err != nil {
		return o, err
	}
	megabytes, err := number(getenv, "TOBAN_KEEP_MB")
	if err != nil {
		return o, err
	}
	o.Keep, o.KeepBytes = time.Duration(days)*24*time.Hour, megabytes*1e6
	o.Slack, _ = slack.FromEnv(getenv) // without a token, connections of the flows still use its address
	return o, nil
}

// number reads a whole number from the environment; 0: it isn't set.
func number(getenv func(string) string, name string) (int64, error) {
	text := strings.TrimSpace(getenv(name))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n <= 0 {
		return 0, locale.Errorf("app.bad_number", "name", name, "value", text)
	}
	return n, nil
}
