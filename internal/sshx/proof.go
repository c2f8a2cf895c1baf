package sshx

import (
	"bufio"
	"os"
	"strings"
)

// A look at a job is a command, too, and an account with a forced command would
// run that instead: whatever it does, once more. So only a host that has once
// spoken as the wrapper does is asked. That is remembered across restarts in
// Config.JobHosts, one account a line.

// proved notes that the account runs what it is asked for.
func (c *Client) proved() {
	c.mu.Lock()
	known := c.proven
	c.proven = true
	c.mu.Unlock()
	if known || c.config.JobHosts == "" || c.remembered() {
		return
	}
	// Not being able to write it only means that a person is asked once more.
	f, err := os.OpenFile(c.config.JobHosts, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	if _, err = f.WriteString(c.Account() + "\n"); err == nil {
		_ = f.Sync()
	}
	_ = f.Close()
}

// isProven reports whether a look at a job can do no harm.
func (c *Client) isProven() bool {
	c.mu.Lock()
	known := c.proven
	c.mu.Unlock()
	return known || c.remembered()
}

func (c *Client) remembered() bool {
	f, err := os.Open(c.config.JobHosts)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == c.Account() {
			return true
		}
	}
	return false
}
