package slack

import (
	"toban/internal/locale"
	"toban/internal/node"
)

// Connection is a running Slack connection config node.
type Connection interface {
	// SlackConnection is the id under which the hub serves it.
	SlackConnection() string
}

// Use finds the connection that a node refers to by a config node's id, "" for
// the default one, and says at deploy what is known to be wrong with it. answers
// says that answers must be able to come in.
func (h *Hub) Use(env node.Env, ref string, answers bool) (connection string, err error) {
	if ref != "" {
		n, _ := env.Config(ref)
		c, ok := n.(Connection)
		if !ok {
			return "", locale.Errorf("slack.no_connection", "id", node.LabelOf(env, ref))
		}
		connection = c.SlackConnection()
	}
	return connection, h.Check(connection, answers)
}
