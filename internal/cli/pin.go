package cli

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"toban/internal/locale"
	"toban/internal/sshx"
)

// pinCmd shows a host's key and keeps it in the data folder's known_hosts. The
// person compares the fingerprint; nothing is pinned unasked.
type pinCmd struct {
	data
	Host    string `arg:"" help:"${pin_host}" placeholder:"HOST[:PORT]"`
	Yes     bool   `help:"${pin_yes}"`
	Replace bool   `help:"${pin_replace}"`
}

// data is the data folder.
type data struct {
	Data string `help:"${data}" env:"TOBAN_DATA" placeholder:"DIR" default:"data" type:"path"`
}

func (c pinCmd) Run(ctx context.Context, env Env) error {
	cfg, err := hostConfig(c.Host)
	if err != nil {
		return err
	}
	key, err := sshx.Pin(ctx, cfg.WithUserFiles(c.Data))
	if err != nil {
		return err
	}
	file := sshx.KnownHostsFile(c.Data)
	known := key.Known(file)
	if known == nil {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.pin_known", "address", key.Address, "fingerprint", key.Fingerprint, "file", file))
		return nil
	}
	if sshx.KindOf(known) == sshx.ChangedKey && !c.Replace {
		return known
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.pin_key", "address", key.Address, "type", key.Type,
		"fingerprint", key.Fingerprint, "line", key.Line))
	if !c.Yes && !env.confirm("cli.pin_ask") {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.pin_not"))
		return errQuiet
	}
	if err := key.Save(file, c.Replace); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.pin_done", "file", file))
	return nil
}

// hostConfig reads HOST, HOST:PORT, [IPV6]:PORT or USER@HOST.
func hostConfig(text string) (sshx.Config, error) {
	var cfg sshx.Config
	if user, host, ok := strings.Cut(text, "@"); ok {
		cfg.User, text = user, host
	}
	cfg.Host = strings.Trim(text, "[]")
	if host, port, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return cfg, locale.Errorf("cli.bad_port", "port", port)
		}
		cfg.Host, cfg.Port = host, int(n)
	}
	if cfg.Host == "" {
		return cfg, locale.Errorf("cli.no_host")
	}
	return cfg, nil
}

// confirm asks a yes-or-no question; anything but a yes is a no.
func (env Env) confirm(key string) bool {
	fmt.Fprint(env.Stdout, env.Lang.Text(key)+" ")
	line, err := bufio.NewReader(env.Stdin).ReadString('\n')
	if err != nil && line == "" {
		fmt.Fprintln(env.Stdout)
		return false
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "はい":
		return true
	default:
		return false
	}
}
