package sshx

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/kevinburke/ssh_config"
)

// hop is one machine on the way to the host, the last one being the host itself.
type hop struct{ user, host, port string }

func (h hop) address() string { return net.JoinHostPort(h.host, h.port) }

// maxHops bounds a chain of jump hosts.
const maxHops = 5

// route gives the machines to go through, as ssh_config's HostName, Port, User
// and ProxyJump say. What the connection itself sets comes first. Jump hosts
// are logged in to with the same credentials.
func route(f failures, c Config) ([]hop, error) {
	conf, err := readSSHConfig(c.ConfigFile)
	if err != nil {
		return nil, f.make(BadConfig, "ssh.bad_ssh_config", err, "file", c.ConfigFile)
	}
	port := ""
	if c.Port != 0 {
		port = strconv.Itoa(c.Port)
	}
	target, err := resolve(conf, hop{user: c.User, host: c.Host, port: port})
	if err != nil {
		return nil, f.make(BadConfig, "ssh.bad_ssh_config", err, "file", c.ConfigFile)
	}
	if target.user == "" {
		return nil, f.make(BadConfig, "ssh.no_user", nil)
	}
	jumps, _ := conf.Get(c.Host, "ProxyJump")
	var hops []hop
	for jump := range strings.SplitSeq(jumps, ",") {
		if jump = strings.TrimSpace(jump); jump == "" || jump == "none" {
			continue
		}
		h, err := resolve(conf, parseJump(jump))
		if err != nil {
			return nil, f.make(BadConfig, "ssh.bad_ssh_config", err, "file", c.ConfigFile)
		}
		if h.user == "" {
			h.user = target.user
		}
		hops = append(hops, h)
	}
	if len(hops) >= maxHops {
		return nil, f.make(BadConfig, "ssh.too_many_jumps", nil, "max", maxHops-1)
	}
	return append(hops, target), nil
}

func readSSHConfig(file string) (*ssh_config.Config, error) {
	in, err := os.Open(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) {
		return &ssh_config.Config{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	return ssh_config.Decode(in)
}

// resolve fills what h leaves open from the settings for its name.
func resolve(conf *ssh_config.Config, h hop) (hop, error) {
	name, err := conf.Get(h.host, "HostName")
	if err != nil {
		return hop{}, err
	}
	if h.user == "" {
		h.user, _ = conf.Get(h.host, "User")
	}
	if h.port == "" {
		h.port, _ = conf.Get(h.host, "Port")
	}
	if h.port == "" {
		h.port = "22"
	}
	if name != "" {
		h.host = strings.NewReplacer("%h", h.host, "%%", "%").Replace(name)
	}
	return h, nil
}

// parseJump reads [ssh://][user@]host[:port].
func parseJump(s string) hop {
	var h hop
	s = strings.TrimPrefix(s, "ssh://")
	if user, rest, ok := cutLast(s, "@"); ok {
		h.user, s = user, rest
	}
	if host, port, err := net.SplitHostPort(s); err == nil {
		h.host, h.port = host, port
		return h
	}
	h.host = strings.Trim(s, "[]")
	return h
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}
