package console_test

import (
	"net/http"
	"testing"

	"toban/internal/store"
)

// known polls a page until it is told that it has not changed: with the next
// minute every page is sent once. It gives the page's tag.
func (s *site) known(path string) (tag string) {
	s.t.Helper()
	s.eventually(path+" is unchanged", func() bool {
		_, tag = s.poll(path, "")
		status, _ := s.poll(path, tag)
		return tag != "" && status == http.StatusNotModified
	})
	return tag
}

// news fails unless a page is sent to who has it with a tag.
func (s *site) news(what, path, tag string) {
	s.t.Helper()
	if status, _ := s.poll(path, tag); status != http.StatusOK {
		s.t.Errorf("%s: %s answers %d", what, path, status)
	}
}

// TestWhatIsNew: an open page is sent again exactly when something on it changes,
// and told at once how many questions are open.
func TestWhatIsNew(t *testing.T) {
	s := newSite(t)
	first := s.ask("")
	tag := s.known("/runs/" + first.Run)
	s.stored(store.Run{ID: "r1", Title: "another"}, ends)
	s.known("/runs/r1")
	if tag == s.known("/questions") {
		t.Error("two pages have one tag")
	}
	s.lang = "ja"
	s.news("another language", "/runs/"+first.Run, tag)
	s.lang = "en"

	list := s.known("/questions")
	s.stored(store.Run{ID: "r2", Title: "a child", Parent: first.Run}, ends)
	s.news("a child", "/runs/"+first.Run, tag)
	resp, _ := s.send("GET", "/questions", "", "If-None-Match", list)
	if resp.Header.Get("Toban-Open") != "1" {
		t.Errorf("open: %q", resp.Header.Get("Toban-Open"))
	}
	tag = s.known("/runs/" + first.Run)
	s.post(303, "/questions/answer", "id", first.ID, "choice", "1")
	s.run("done")
	s.news("an answer", "/runs/"+first.Run, tag)
	s.news("an answer", "/questions", list)
	if resp, _ := s.send("GET", "/runs/r1", "", "If-None-Match", s.known("/runs/r1")); resp.StatusCode != http.StatusNotModified || resp.Header.Get("Toban-Open") != "0" {
		t.Errorf("%d, open: %q", resp.StatusCode, resp.Header.Get("Toban-Open"))
	}
	tag = s.known("/questions")
	s.restart()
	s.news("a restart", "/questions", tag)
	has(t, s.look("/questions"), "“Leave it” by admin (on the console,")
}

// TestManyQuestions: of many open questions a page shows 50, the most urgent ones
// first, and says how many there are.
func TestManyQuestions(t *testing.T) {
	s := newSite(t)
	s.manyQuestions(120)
	page := s.look("/questions")
	has(t, page, "120 questions wait.", `class="count"><span>120</span>`, `href="/questions?from=100"`, ">question 000119<", ">mail 000119<", ">question 000070<")
	lacks(t, page, "question 000069")
	inOrder(t, page, "question 000119", "question 000118", "question 000070")
	last := s.look("/questions?from=100")
	has(t, last, "question 000019", "question 000000", `href="/questions"`)
	lacks(t, last, "question 000020", "The last answers")
	has(t, s.look("/questions?from=1000"), "question 000000") // the list has become shorter since
	has(t, s.look("/runs"), "question 000119", "left</strong>")
	if _, err := s.app.Store().EndQuestion(t.Context(), "q000119", store.Ending{State: store.Cancelled}); err != nil {
		t.Fatal(err)
	}
	page = s.look("/questions")
	has(t, page, "119 questions wait.", "The last answers")
	inOrder(t, page, "question 000118", "The last answers", "question 000119")
}

// TestOpenAfterRestart: a question that is open when the server stops is on the
// pages of the next one, which has read none of them.
func TestOpenAfterRestart(t *testing.T) {
	s := newSite(t)
	q := s.ask("")
	s.restart()
	has(t, s.look("/questions"), `class="count"><span>1</span>`, `id="q-`+q.ID, ">go</a>", "Leave it")
	has(t, s.look("/runs"), "29 min left")
}
