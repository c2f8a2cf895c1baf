package demo

import (
	"encoding/json"
	"net/http"
	"time"

	"toban/internal/locale"
	"toban/internal/sim/mailbox"
)

// view is what the page's template needs.
type view struct {
	Lang, Other string
	Samples     []sample
	Channel     string
	Person      string
	PersonID    string
	T           func(key string) string
	Texts       map[string]string // for the page's script
}

type sample struct {
	Name, Label, Subject, Text string
}

func (w *world) view() view {
	other := locale.JA
	if w.lang == locale.JA {
		other = locale.EN
	}
	v := view{
		Lang: string(w.lang), Other: string(other), Channel: channel, Person: w.person().RealName, PersonID: personID,
		T:     func(key string) string { return w.lang.Text("demo." + key) },
		Texts: map[string]string{},
	}
	for _, key := range scriptTexts {
		v.Texts[key] = w.lang.Text(key)
	}
	for _, s := range mailbox.Samples(w.ids()) {
		v.Samples = append(v.Samples, sample{Name: s.Name, Label: w.lang.Text("mailbox.sample." + s.Name),
			Subject: s.Mail.Subject, Text: s.Mail.Text})
	}
	return v
}

// scriptTexts are the texts that the page's script shows.
var scriptTexts = []string{
	"demo.sent", "demo.no_runs", "demo.no_posts", "demo.state.pending", "demo.state.running",
	"demo.state.stopping", "demo.state.stopped", "demo.state.terminated", "demo.status.running", "demo.status.waiting",
	"demo.status.done", "demo.status.failed", "demo.status.cancelled", "demo.only_you", "demo.edited",
	"demo.step.input", "demo.step.output", "demo.lost",
}

// sendMail puts a mail into the mailbox: a ready-made one by name, its text
// changed if the composer changed it.
func (w *world) sendMail(rw http.ResponseWriter, r *http.Request) {
	var in struct{ Name, Subject, Text string }
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 64<<10)).Decode(&in); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	m := mailbox.Mail{}
	for _, s := range mailbox.Samples(w.ids()) {
		if s.Name == in.Name {
			m = s.Mail
		}
	}
	m.Subject = in.Subject
	if in.Text != "" {
		m.Text = in.Text
	}
	if _, err := w.mail.Add(m); err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.WriteHeader(http.StatusNoContent)
}

// state gives the instances, and how many mails nobody has read.
func (w *world) state(rw http.ResponseWriter, _ *http.Request) {
	type row struct {
		ID    string    `json:"id"`
		Name  string    `json:"name"`
		State string    `json:"state"`
		Since time.Time `json:"since"`
	}
	out := struct {
		Lang      string `json:"lang"`
		Unread    int    `json:"unread"`
		Instances []row  `json:"instances"`
	}{Lang: string(w.lang), Unread: len(w.mail.Unread())}
	for _, i := range w.cloud.Instances() {
		out.Instances = append(out.Instances, row{i.ID, i.Name, string(i.State), i.Since})
	}
	writeJSON(rw, out)
}

// runs and run pass on the server's own answers.
func (w *world) runs(rw http.ResponseWriter, r *http.Request) {
	w.pass(rw, r, "/api/runs?limit=20")
}

func (w *world) run(rw http.ResponseWriter, r *http.Request) {
	w.pass(rw, r, "/api/runs/"+r.PathValue("id"))
}

func (w *world) pass(rw http.ResponseWriter, r *http.Request, path string) {
	var answer json.RawMessage
	if err := w.api.get(r.Context(), path, &answer); err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	writeJSON(rw, answer)
}

// server answers as Toban does; everybody is signed in.
func (w *world) server(rw http.ResponseWriter, r *http.Request) {
	w.api.sign(r)
	w.Server().ServeHTTP(rw, r)
}
