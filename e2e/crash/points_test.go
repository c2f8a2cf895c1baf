package crash

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"toban/internal/failpoint"
	"toban/internal/testparts/sshd"
)

// awaitRun waits a moment until a run of a source is listed: histories without
// effect are stored a little later.
func (h *history) awaitRun(source string) bool {
	for range 40 {
		runs, err := h.runs()
		if err != nil {
			return false
		}
		for _, r := range runs {
			if r.Source == source {
				return true
			}
		}
		time.Sleep(pause)
	}
	return false
}

// crashes are the failpoints that each story comes by. first is where a life
// before ends, for points that only a start after a crash comes by.
var crashes = []struct {
	story  *story
	points []failpoint.Point
	first  string
}{
	{story: duty, points: []failpoint.Point{
		failpoint.EventAccepted, failpoint.EventStoring, failpoint.EventStored, failpoint.EventSafe,
		failpoint.CursorStoring, failpoint.CursorStored, failpoint.MailMarking, failpoint.MailMarked, failpoint.WebhookReplied,
		failpoint.CutWriting, failpoint.CutWritten, failpoint.TransactionWritten, failpoint.TransactionCommitted,
		failpoint.RunEnding, failpoint.RunEnded,
		failpoint.EffectReserving, failpoint.EffectReserved, failpoint.EffectStarting, failpoint.CommandStarted,
		failpoint.EffectFinished, failpoint.EffectConfirming, failpoint.EffectConfirmed, failpoint.PostSending, failpoint.PostSent,
		failpoint.QuestionStoring, failpoint.QuestionStored, failpoint.CardPosting, failpoint.CardPosted, failpoint.CardNoted,
		failpoint.ClickTaken, failpoint.AnswerStoring, failpoint.AnswerStored, failpoint.AnswerConsuming, failpoint.AnswerConsumed,
		failpoint.CardUpdating, failpoint.CardUpdated,
		failpoint.StateStoring, failpoint.StateStored, failpoint.TimerFired, failpoint.StateReleasing, failpoint.StateReleased,
	}},
	{story: duty, first: "command-started", points: []failpoint.Point{failpoint.Recovering, failpoint.Recovered}},
	{story: duty, first: "post-sent:4", points: []failpoint.Point{failpoint.EffectObserved}},
	{story: change, points: []failpoint.Point{
		failpoint.MailExpunged, failpoint.DeadlinePassed, failpoint.ExpiryStored, failpoint.CancelStoring, failpoint.CancelStored,
		failpoint.CredentialsStored, failpoint.FlowsWritten, failpoint.CredentialsTrimmed,
		failpoint.RevisionStoring, failpoint.RevisionStored, failpoint.DeploySwitched, failpoint.DeployDone,
		failpoint.FileWritten, failpoint.FileRenamed, failpoint.UsersWriting, failpoint.UsersWritten,
		failpoint.SessionsWriting, failpoint.SessionsWritten,
	}},
	{story: growth, points: []failpoint.Point{failpoint.PrunedRuns, failpoint.PrunedRevisions, failpoint.PrunedSpace}},
}

// once is not enough for points that stand at many boundaries: these are tried at
// their later times, too. Every run of the duty story comes by them so often.
var laterTimes = map[failpoint.Point]int{
	failpoint.CutWritten: 7, failpoint.TransactionCommitted: 10, failpoint.EffectStarting: 5, failpoint.EffectFinished: 5,
	failpoint.PostSent: 5, failpoint.CommandStarted: 2, failpoint.AnswerStored: 2, failpoint.CardPosted: 2, failpoint.CardUpdated: 2,
}

func TestLaterTimes(t *testing.T) {
	host := startHost(t)
	for p, last := range laterTimes {
		for n := 2; n <= last; n++ {
			point := fmt.Sprintf("%s:%d", p, n)
			crash(t, host, duty, point, life{point: point})
		}
	}
}

func TestEveryFailpoint(t *testing.T) {
	host := startHost(t)
	tried := map[failpoint.Point]bool{}
	for _, c := range crashes {
		for _, p := range c.points {
			tried[p] = true
			lives := []life{{point: string(p)}}
			if c.first != "" {
				lives = append([]life{{point: c.first}}, lives...)
			}
			crash(t, host, c.story, string(p), lives...)
		}
	}
	for _, b := range failpoint.All() {
		if !tried[b.Point] {
			t.Errorf("no story is crashed at %s", b.Point)
		}
	}
}

// crash plays a story in which every planned life must end as planned.
func crash(t *testing.T, host *sshd.Server, s *story, name string, lives ...life) {
	t.Run(s.name+" "+name, func(t *testing.T) {
		t.Parallel()
		h := newHistory(t, host, s, "treat_as_done", lives...)
		h.play(s)
		if h.total < len(lives) {
			t.Errorf("the story never came by %v", lives[h.total:])
		}
	})
}

// startHost starts the SSH host, which takes many connections at a time.
func startHost(t *testing.T) *sshd.Server {
	t.Helper()
	return sshd.Start(t, "MaxStartups 500", "MaxSessions 100", "UseDNS no")
}

// checkPlainBinary looks for any trace of the failpoints in what people run.
func checkPlainBinary(t *testing.T) {
	t.Helper()
	plain := filepath.Join(t.TempDir(), "toban")
	if err := build(plain); err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range failpoint.All() {
		if bytes.Contains(code, []byte(b.At)) {
			t.Errorf("the binary has the sentence of %s", b.Point)
		}
	}
	symbols, err := exec.Command("go", "tool", "nm", plain).Output()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(symbols, []byte("internal/failpoint.")) { // each call was inlined, to nothing
		t.Error("the binary has a function of package failpoint")
	}
	if bytes.Contains(code, []byte("TOBAN_FAILPOINT")) {
		t.Error("the binary can be made to fail")
	}
}
