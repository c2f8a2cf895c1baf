package sshx

import (
	"os"
	"slices"
	"strings"
	"sync"

	"toban/internal/atomicfile"
)

// A look at a job is a command, too, and an account with a forced command would
// run that instead: whatever it does, once more. So only a host that has once
// spoken as the wrapper does is asked. That is remembered across restarts in
// Config.JobHosts, one account a line.

// jobHosts guards the files of all clients: connections share one.
var jobHosts sync.Mutex

// proved notes that the account runs what it is asked for.
func (c *Client) proved() {
	c.mu.Lock()
	known := c.proven
	c.proven = true
	c.mu.Unlock()
	if known || c.config.JobHosts == "" {
		return
	}
	jobHosts.Lock()
	defer jobHosts.Unlock()
	accounts := c.remembered()
	if slices.Contains(accounts, c.Account()) {
		return
	}
	text := strings.Join(append(accounts, c.Account()), "\n") + "\n"
	// A failure only means that a person may be asked once more.
	_ = atomicfile.Write(c.config.JobHosts, []byte(text), 0o600)
}

// isProven reports whether a look at a job can do no harm.
func (c *Client) isProven() bool {
	c.mu.Lock()
	known := c.proven
	c.mu.Unlock()
	return known || slices.Contains(c.remembered(), c.Account())
}

func (c *Client) remembered() []string {
	text, err := os.ReadFile(c.config.JobHosts)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}
