package sshx

import (
	"strings"
	"testing"
)

// feed writes a text in pieces of n bytes.
func feed(p *passage, text string, n int) {
	for len(text) > 0 {
		piece := text[:min(n, len(text))]
		text = text[len(piece):]
		_, _ = p.Write([]byte(piece))
	}
}

// However the host's words are cut up, and whatever noise is around them, they
// are understood, and the output begins behind them.
func TestWordsOfTheWrapper(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 1 << 20} {
		var out, errs collector
		w := newWrapping(Job{Step: "r.1", Attempt: 1}, modeStart, func() {})
		w.out.to, w.err.to = &out, &errs
		noise := strings.Repeat("Welcome! ", 5000) + "\r\nno line end "
		feed(&w.out, noise+w.nonce+" begin 4711\n"+w.nonce+" finished 1 3 - 10 0 5 1\n"+w.nonce+" begin 1\nthe output\n", n)
		feed(&w.err, "warning\n"+w.nonce+"\noops "+w.nonce, n)
		if w.shell() != 4711 || w.word != "finished" || w.number(1) != 3 || w.number(3) != 10 || w.number(99) != 0 {
			t.Errorf("in pieces of %d: pid %d, %s %v", n, w.shell(), w.word, w.fields)
		}
		if got := out.output().Text; got != w.nonce+" begin 1\nthe output\n" {
			t.Errorf("in pieces of %d: stdout %q", n, got)
		}
		if got := errs.output().Text; got != "oops "+w.nonce {
			t.Errorf("in pieces of %d: stderr %q", n, got)
		}
		if said := w.noise(); len(said) > 2*maxNoise || !strings.HasPrefix(said, "warning") {
			t.Errorf("noise: %d bytes", len(said))
		}
	}
}

// FuzzWrapper: a host may say anything.
func FuzzWrapper(f *testing.F) {
	for _, words := range []string{"begin 1", "finished 1 0 - 0 0 0 1", "dead 1 -1 - 99999999999999999999 -5", "never 1 2 3 -1",
		"refused", "refused folder /x", "refused else", "overdue 1", "running", "\n\nfinished"} {
		f.Add(words, "out", uint8(3))
	}
	f.Fuzz(func(t *testing.T, words, after string, n uint8) {
		client, err := New(Config{Host: "h", User: "u", Password: "p"})
		if err != nil {
			t.Fatal(err)
		}
		var out collector
		w := newWrapping(Job{Step: "r.1", Attempt: 1}, modeLook, func() {})
		w.out.to, w.err.to = &out, &out
		feed(&w.out, w.nonce+" "+words+"\n"+after, int(n)+1)
		if len(w.out.held) > maxLine+256 || len(w.out.early) > maxNoise {
			t.Errorf("%d and %d bytes are held", len(w.out.held), len(w.out.early))
		}
		why, _ := w.refusal()
		if why != "" && why != "stdin" && why != "tool" && why != "folder" {
			t.Errorf("refused for %q", why)
		}
		if w.word == "overdue" {
			return // that would dial
		}
		r, err := client.reported(w, Result{})
		if err == nil && (r.Sure < 0 || r.Age < 0 || r.Result.Stdout.Size < 0) {
			t.Errorf("report %+v", r)
		}
	})
}
