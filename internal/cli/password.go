package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"toban/internal/locale"
)

// newPassword reads a new password: twice and unseen from a terminal, else one
// line of the standard input.
func (env Env) newPassword() (string, error) {
	terminal, ok := env.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(env.Stdin, maxPasswordLine)).ReadString('\n')
		password := strings.TrimRight(line, "\r\n")
		if password == "" {
			return "", locale.Errorf("cli.no_password").Because(err)
		}
		return password, nil
	}
	first, err := env.unseen(terminal, "cli.ask_password")
	if err != nil {
		return "", err
	}
	second, err := env.unseen(terminal, "cli.ask_again")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", locale.Errorf("cli.passwords_differ")
	}
	return first, nil
}

// maxPasswordLine bounds what is read as a password, in bytes.
const maxPasswordLine = 4096

// unseen asks for a line that isn't shown.
func (env Env) unseen(terminal *os.File, key string) (string, error) {
	fmt.Fprint(env.Stderr, env.Lang.Text(key)+" ")
	data, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(env.Stderr)
	return string(data), err
}
