package slack

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
)

// Try looks at a connection that no hub serves (yet): its tokens, scopes and
// channels. Unlike [Hub.Doctor] it opens no socket, because Slack would hand a
// share of the clicks to it while it is open.
func Try(ctx context.Context, c Config, channels []string) []Finding {
	c.Lang, c.Zone = cmp.Or(c.Lang, locale.EN), cmp.Or(c.Zone, time.Local)
	g := newGateway("", c, func() node.Answerer { return nil }, slog.New(slog.DiscardHandler))
	return g.examine(ctx, channels, g.checkAppToken)
}

// checkAppToken asks for a socket without opening it.
func (g *Gateway) checkAppToken(ctx context.Context) []Finding {
	if g.cfg.AppToken == "" {
		return g.checkWayIn(ctx)
	}
	_, _, err := g.api.StartSocketModeContext(ctx)
	return []Finding{{Check: "slack.check_socket", Err: explain(err, "")}}
}
