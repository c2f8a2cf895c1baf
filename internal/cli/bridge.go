package cli

import (
	"context"

	"toban/internal/bridge"
)

// bridgeCmd speaks the conformance protocol on stdin and stdout.
type bridgeCmd struct{}

func (bridgeCmd) Run(ctx context.Context, env Env) error {
	return bridge.Serve(ctx, env.Stdin, env.Stdout)
}
