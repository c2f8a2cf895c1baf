package slack

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config describes a workspace. Zero fields get the defaults that New documents.
type Config struct {
	TeamID, TeamDomain, TeamName string
	AppID                        string
	BotToken, AppToken           string
	SigningSecret                string
	// Scopes are what the bot token was granted.
	Scopes []string
	// RequestURL, if set, takes the clicks over HTTP, signed, instead of Socket Mode.
	RequestURL string
	Users      []User
	Channels   []Channel
	// Now is the workspace's clock.
	Now func() time.Time
	// AckTimeout is how long a click waits for its acknowledgement: Slack's 3 s.
	AckTimeout time.Duration
	// PingInterval is how often an open socket is pinged.
	PingInterval time.Duration
}

// User is a member of the workspace, or a guest of another one.
type User struct {
	ID, Name, RealName string
	Locale             string // "ja-JP", "en-US"
	TeamID             string // "" is the workspace's own
	Bot, Guest         bool
	Deleted            bool
}

// Channel is a conversation.
type Channel struct {
	ID, Name string
	Private  bool
	Archived bool
	// Outside says that the bot is not a member.
	Outside bool
}

// The ids and tokens that New fills in.
const (
	DefaultBotToken      = "xoxb-sim-bot"
	DefaultAppToken      = "xapp-sim-app"
	DefaultSigningSecret = "sim-signing-secret"
	BotUserID            = "U0TOBAN"
	BotID                = "B0TOBAN"
)

// DefaultScopes are all the scopes that a Toban app asks for.
var DefaultScopes = []string{
	"chat:write", "chat:write.public", "channels:read", "groups:read",
	"channels:history", "groups:history", "users:read",
}

// Workspace is a simulated Slack workspace. It is safe for concurrent use.
type Workspace struct {
	cfg Config
	mux *http.ServeMux

	mu         sync.Mutex
	users      map[string]User
	channels   []*channel
	ephemerals []Ephemeral
	calls      []Call
	faults     []*Fault
	sockets    map[*socket]bool
	tickets    map[string]bool
	lastTS     int64
	seq        int
	revoked    string // the error that every token gets, "" while they are good
	watchers   map[chan Event]bool
}

type channel struct {
	Channel
	messages []*Message
}

// New makes a workspace. Without users it has Hanako (Japanese) and Alex
// (English); without channels it has #general with the bot in it.
func New(cfg Config) *Workspace {
	cfg.TeamID = cmp.Or(cfg.TeamID, "T0SIM")
	cfg.TeamDomain = cmp.Or(cfg.TeamDomain, "sim")
	cfg.TeamName = cmp.Or(cfg.TeamName, "Sim")
	cfg.AppID = cmp.Or(cfg.AppID, "A0TOBAN")
	cfg.BotToken = cmp.Or(cfg.BotToken, DefaultBotToken)
	cfg.AppToken = cmp.Or(cfg.AppToken, DefaultAppToken)
	cfg.SigningSecret = cmp.Or(cfg.SigningSecret, DefaultSigningSecret)
	cfg.AckTimeout = cmp.Or(cfg.AckTimeout, 3*time.Second)
	cfg.PingInterval = cmp.Or(cfg.PingInterval, 10*time.Second)
	if cfg.Scopes == nil {
		cfg.Scopes = DefaultScopes
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Users == nil {
		cfg.Users = []User{
			{ID: "U0HANAKO", Name: "hanako", RealName: "山田 花子", Locale: "ja-JP"},
			{ID: "U0ALEX", Name: "alex", RealName: "Alex Reed", Locale: "en-US"},
		}
	}
	if cfg.Channels == nil {
		cfg.Channels = []Channel{{ID: "C0GENERAL", Name: "general"}}
	}
	w := &Workspace{
		cfg: cfg, users: map[string]User{}, sockets: map[*socket]bool{},
		tickets: map[string]bool{}, watchers: map[chan Event]bool{},
	}
	bot := User{ID: BotUserID, Name: "toban", RealName: "Toban", Locale: "en-US", Bot: true}
	for _, u := range append([]User{bot}, cfg.Users...) {
		u.TeamID = cmp.Or(u.TeamID, cfg.TeamID)
		w.users[u.ID] = u
	}
	for _, c := range cfg.Channels {
		w.channels = append(w.channels, &channel{Channel: c})
	}
	w.mux = w.routes()
	return w
}

// ServeHTTP answers the Web API below /api/ and the sockets of Socket Mode.
func (w *Workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

// Users lists the people of the workspace, bots left out, by id.
func (w *Workspace) Users() []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	people := slices.SortedFunc(maps.Values(w.users), func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	return slices.DeleteFunc(people, func(u User) bool { return u.Bot })
}

// Channels lists the channels.
func (w *Workspace) Channels() []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]Channel, len(w.channels))
	for i, c := range w.channels {
		list[i] = c.Channel
	}
	return list
}

// SetChannel adds a channel or changes the one with the same id (renames,
// archives it, takes the bot out).
func (w *Workspace) SetChannel(c Channel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.channels {
		if known.ID == c.ID {
			known.Channel = c
			return
		}
	}
	w.channels = append(w.channels, &channel{Channel: c})
}

// SetUser adds a user or changes the one with the same id.
func (w *Workspace) SetUser(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u.TeamID = cmp.Or(u.TeamID, w.cfg.TeamID)
	w.users[u.ID] = u
}

// SetScopes changes what the bot token may do.
func (w *Workspace) SetScopes(scopes ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cfg.Scopes = scopes
}

// Revoke makes every call fail with code (token_revoked, account_inactive …);
// "" makes the tokens good again.
func (w *Workspace) Revoke(code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revoked = code
}

// find gives the channel by id, name or #name. w.mu is held.
func (w *Workspace) find(ref string) *channel {
	name := strings.TrimPrefix(ref, "#")
	for _, c := range w.channels {
		if c.ID == ref || c.Name == name {
			return c
		}
	}
	return nil
}

// nextTS gives a new message timestamp: seconds, a dot, six digits. They are
// unique and increasing, as Slack's are in a channel. w.mu is held.
func (w *Workspace) nextTS() string {
	w.lastTS = max(w.lastTS+1, w.cfg.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}

// newID makes an id with a prefix. w.mu is held.
func (w *Workspace) newID(prefix string) string {
	w.seq++
	return fmt.Sprintf("%s%08d", prefix, w.seq)
}
