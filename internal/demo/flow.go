package demo

import (
	"strconv"

	"toban/examples"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
)

// flow is the example flow, pointed at the simulated mailbox and host.
func (w *world) flow() ([]byte, error) {
	file := examples.EC2MaintenanceEN
	if w.lang == locale.JA {
		file = examples.EC2MaintenanceJA
	}
	f, err := flow.Parse(file)
	if err != nil {
		return nil, err
	}
	for i, n := range f.Nodes {
		switch n.Text("type") {
		case "e-mail in":
			f.Nodes[i] = w.mailNode(n)
		case "connection":
			f.Nodes[i] = w.hostNode(n)
		}
	}
	return f.JSON(), nil
}

func (w *world) mailNode(n *message.Object) *message.Object {
	return n.With("server", w.mail.Host()).With("port", strconv.Itoa(w.mail.Port())).
		With("useSSL", false).With("repeat", pollEvery).
		With("credentials", message.NewObject("userid", w.mail.User(), "password", w.mail.Password()))
}

func (w *world) hostNode(n *message.Object) *message.Object {
	return n.With("host", "127.0.0.1").With("port", strconv.Itoa(w.host.Port())).
		With("username", loginUser).With("hostKey", w.host.HostKey()).
		With("credentials", message.NewObject("password", loginPass))
}
