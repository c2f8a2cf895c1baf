package command

import (
	"cmp"
	_ "embed"
	"math"
	"strings"
	"time"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/sshx"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Command runs a text by the login shell of a host.
type Command struct {
	Connection string  `flow:"connectionconfig"`
	Text       string  `flow:"command"` // mustache; one shell runs all its lines
	Timer      float64 `flow:"timer"`   // seconds for all lines together; 0: none
	OldRC      bool    `flow:"oldrc"`   // rc is the plain exit status
	Env        string  `flow:"env"`     // NAME=value lines or a JSON object; values are mustache
	PTY        bool    `flow:"pty"`     // with a terminal; stderr arrives in stdout
	Trim       bool    `flow:"trim"`    // white space at the ends of stdout and stderr
	Field      string  `flow:"field" default:"payload"`
	FieldType  string  `flow:"fieldType" default:"msg"` // msg, flow or global
	Raw        bool    `flow:"raw"`                     // values are not checked
	Safe       bool    `flow:"safe"`                    // only looks something up: runs in a rehearsal, too

	env    node.Env
	text   *expr.Template
	vars   []envVar
	target *expr.Target
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "command", New: func() node.Node { return &Command{} }})
}

// maxTimer is a year: anything longer is a mistake.
const maxTimer = 366 * 24 * 3600

// Provision compiles the templates and checks what can be known now.
func (c *Command) Provision(env node.Env) (err error) {
	c.env = env
	if strings.TrimSpace(c.Text) == "" {
		return locale.Errorf("command.no_text")
	}
	if c.Timer < 0 || c.Timer > maxTimer || math.IsNaN(c.Timer) {
		return locale.Errorf("command.bad_timer", "seconds", message.FormatNumber(c.Timer))
	}
	if c.text, err = expr.ParseTemplate(c.Text); err != nil {
		return err
	}
	if err = c.checkQuoting(); err != nil {
		return err
	}
	if c.vars, err = compileEnv(c.Env); err != nil {
		return err
	}
	if c.target, err = expr.CompileTarget(cmp.Or(c.FieldType, "msg"), cmp.Or(c.Field, "payload")); err != nil {
		return err
	}
	_, err = c.client()
	return err
}

// client is that of the connection as it is configured now.
func (c *Command) client() (*sshx.Client, error) {
	if c.Connection == "" {
		return nil, locale.Errorf("command.no_connection")
	}
	config, running := c.env.Config(c.Connection)
	if connection, ok := config.(sshx.Connection); running && ok && connection.SSH() != nil {
		return connection.SSH(), nil
	}
	if _, _, there := c.env.Peer(c.Connection); there {
		return nil, locale.Errorf("command.bad_connection", "connection", node.LabelOf(c.env, c.Connection))
	}
	return nil, locale.Errorf("command.missing_connection", "id", c.Connection)
}

func (c *Command) timeout() time.Duration { return time.Duration(c.Timer * float64(time.Second)) }

var (
	_ node.Provisioner = (*Command)(nil)
	_ node.Planner     = (*Command)(nil)
)
