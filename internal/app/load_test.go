package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/sim/mailbox"
	"toban/internal/store"
)

// full makes the tests of this file as large as docs/reliability.md says:
// go test ./internal/app -run TestMany -v -args -full
var full = flag.Bool("full", false, "ten thousand mails, a hundred thousand questions")

func size(few, many int) int {
	if *full {
		return many
	}
	return few
}

// live is what the last garbage collection found in use, in bytes.
func live() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// watchMemory gives what stops watching and tells the most that was in use beyond
// what is now, in megabytes.
func watchMemory() (most func() float64) {
	runtime.GC()
	before := live()
	var peak atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if used := live(); used > before && used-before > peak.Load() {
				peak.Store(used - before)
			}
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(done)
		<-ended
		return float64(peak.Load()) / 1e6
	}
}

// TestManyMailsAtOnce: a mailbox that is full of unread mails is asked about
// first; then each mail has exactly one run, whose line stands in a file once,
// and what is in memory doesn't grow with their number.
func TestManyMailsAtOnce(t *testing.T) {
	n := size(600, 10_000)
	box, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	body := strings.Repeat("What is to be done, and why. ", 100)
	for i := range n {
		if _, err := box.Add(mailbox.Mail{Subject: fmt.Sprint("mail ", i), Text: body}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	o := app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop(t.Context()) })
	deploy(t, a, fmt.Sprintf(`[{"id":"t","type":"tab"},{"id":"in","type":"e-mail in","name":"inbox","z":"t","server":%q,"port":"%d",
		"useSSL":false,"repeat":"2","disposition":"Read","wires":[["s"]],"credentials":{"userid":%q,"password":%q}},
		{"id":"s","type":"change","z":"t","rules":[{"t":"set","p":"payload","pt":"msg","to":"topic","tot":"msg"}],"wires":[["f"]]},
		{"id":"f","type":"file","z":"t","createDir":true,"filename":"out.txt","filenameType":"str","appendNewline":true,"overwriteFile":"false","wires":[[]]}]`,
		box.Host(), box.Port(), box.User(), box.Password()))
	var pending choices
	until(t, "the node asks", func() bool {
		ask(t, a, http.MethodGet, "/api/choices", "", &pending)
		return len(pending.Choices) == 1
	})
	most := watchMemory()
	began := time.Now()
	if got := ask(t, a, http.MethodPost, "/api/choices/in", `{"option":"all"}`, nil); got != http.StatusNoContent {
		t.Fatalf("all: %d", got)
	}
	for left := n; left > 0; left = len(box.Unread()) {
		if time.Since(began) > time.Duration(n)*100*time.Millisecond {
			t.Fatalf("%d of %d mails are still unread", left, n)
		}
		time.Sleep(100 * time.Millisecond)
	}
	took, peak := time.Since(began), most()
	t.Logf("%d mails in %.1f s, %.0f a second, heap at most %.0f MB above the start", n, took.Seconds(), float64(n)/took.Seconds(), peak)
	if peak > 150 {
		t.Errorf("%.0f MB for %d mails", peak, n)
	}
	until(t, "the last runs have ended", func() bool { return endedRuns(t, a) == n })
	text, err := os.ReadFile(filepath.Join(dir, "files", "out.txt"))
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for line := range strings.Lines(string(text)) {
		times[strings.TrimSpace(line)]++
	}
	if len(times) != n || strings.Count(string(text), "\n") != n {
		t.Errorf("%d different lines of %d", len(times), strings.Count(string(text), "\n"))
	}
}

// endedRuns counts the runs that are done.
func endedRuns(t *testing.T, a *app.App) (n int) {
	t.Helper()
	for before := ""; ; {
		runs, err := a.Store().Runs(t.Context(), store.RunFilter{Status: "done", Before: before, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if len(runs) == 0 {
			return n
		}
		n, before = n+len(runs), runs[len(runs)-1].ID
	}
}
