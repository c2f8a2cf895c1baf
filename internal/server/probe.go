package server

import (
	"net/http"

	"toban/internal/auth"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/probe"
	"toban/internal/sshx"
)

// probeRoutes are for the [test] buttons of connections.
func (s *Server) probeRoutes() []route {
	return []route{
		{pattern: "POST /api/test/{type}", handler: s.postTest, access: edit},
		{pattern: "POST /api/pin", handler: s.postPin, access: edit},
	}
}

// probeView is what a try has found, as the API gives it.
type probeView struct {
	OK       bool          `json:"ok"`
	Findings []findingView `json:"findings"`
	HostKey  *hostKeyView  `json:"hostKey,omitempty"`
}

type findingView struct {
	What    string `json:"what"`
	OK      bool   `json:"ok"`
	Warning bool   `json:"warning,omitempty"`
	Message string `json:"message,omitempty"`
}

type hostKeyView struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Address     string `json:"address"`
	Algorithm   string `json:"algorithm"`
	Fingerprint string `json:"fingerprint"`
	Known       bool   `json:"known"`
	Changed     bool   `json:"changed,omitempty"`
}

// postTest tries a connection as it stands in the editor (POST /api/test/:type;
// blanks in the type are written as dashes) with {id, props, credentials}.
func (s *Server) postTest(w http.ResponseWriter, r *http.Request) error {
	in, err := readMessage(r)
	if err != nil {
		return err
	}
	typ := s.typeName(r.PathValue("type"))
	if !probe.Can(typ) {
		return notFound("test " + typ)
	}
	lang := s.lang(r)
	report, err := s.cfg.Prober.Try(r.Context(), lang, probeRequest(typ, in))
	if err != nil {
		return probeFailure(w, err)
	}
	return reply(w, http.StatusOK, viewOfReport(lang, report))
}

// probeFailure says why something was not tried, or not pinned.
func probeFailure(w http.ResponseWriter, err error) error {
	switch {
	case locale.HasKey(err, "probe.busy"):
		w.Header().Set("Retry-After", "5")
		return fail(http.StatusServiceUnavailable, "busy", err)
	case locale.HasKey(err, "probe.type_again"):
		return fail(http.StatusBadRequest, "type_again", err)
	case locale.HasKey(err, "probe.other_key"), locale.HasKey(err, "ssh.changed_host_key"):
		return fail(http.StatusConflict, "other_key", err)
	case locale.HasKey(err, "probe.bad_host"):
		return fail(http.StatusBadRequest, "bad_request", err)
	case sshx.KindOf(err) != "":
		return fail(http.StatusBadGateway, "unreachable", err)
	}
	return err
}

func probeRequest(typ string, in *message.Object) probe.Request {
	req := probe.Request{ID: in.Text("id"), Type: typ, Typed: map[string]string{}}
	props, _ := in.Get("props").(*message.Object)
	if props == nil {
		props = message.NewObject()
	}
	req.Props = props.With("id", req.ID).With("type", typ)
	if typed, ok := in.Get("credentials").(*message.Object); ok {
		for name, v := range typed.All() {
			if text, isText := v.(string); isText {
				req.Typed[name] = text
			}
		}
	}
	return req
}

func viewOfReport(lang locale.Lang, report probe.Report) probeView {
	view := probeView{OK: report.OK(), Findings: []findingView{}}
	for _, f := range report.Findings {
		shown := findingView{What: f.What, OK: f.Err == nil, Warning: f.Warning && f.Err != nil}
		if f.Err != nil {
			shown.Message = report.Text(lang, f.Err)
		}
		view.Findings = append(view.Findings, shown)
	}
	if k := report.HostKey; k != nil {
		view.HostKey = &hostKeyView{k.Host, k.Port, k.Address, k.Algorithm, k.Fingerprint, k.Known, k.Changed}
	}
	return view
}

// postPin keeps the key of an SSH host that a person has compared (POST /api/pin
// with {host, port, fingerprint}).
func (s *Server) postPin(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Host        string `json:"host"`
		Port        int    `json:"port"`
		Fingerprint string `json:"fingerprint"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if err := s.cfg.Prober.Pin(r.Context(), in.Host, in.Port, in.Fingerprint); err != nil {
		return probeFailure(w, err)
	}
	s.cfg.Log.Info(s.cfg.Lang.Text("server.log_pinned"), "host", in.Host, "port", in.Port, "fingerprint", in.Fingerprint,
		"by", auth.PersonFrom(r.Context()).Name)
	return reply(w, http.StatusNoContent, nil)
}
