// Command testreport reads `go test -json` on stdin and prints what a person
// wants to know: each package's closing line, the output of what failed, what
// was skipped and why, and how many tests there were. It fails if a test did.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() { os.Exit(report(os.Stdin, os.Stdout)) }

// event is one line of go test -json.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of build output
}

// tally collects what the events say.
type tally struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[string]*strings.Builder // of tests and packages that run
	skips                   []string
	broken                  bool // a package failed, to build or otherwise
}

func report(in io.Reader, out io.Writer) int {
	t := &tally{out: out, output: map[string]*strings.Builder{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // not go test's: pass it on
			continue
		}
		t.take(e)
	}
	return t.close(lines.Err())
}

func (t *tally) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "output":
		t.keep(key, e)
	case "pass", "fail", "skip":
		t.end(key, e)
	}
}

func (t *tally) keep(key string, e event) {
	if e.Test == "" && closing(e.Output) {
		fmt.Fprint(t.out, e.Output)
		return
	}
	if t.output[key] == nil {
		t.output[key] = &strings.Builder{}
	}
	t.output[key].WriteString(e.Output)
}

// closing reports whether a line is the last one of a package.
func closing(line string) bool {
	for _, start := range []string{"ok  \t", "FAIL\t", "---", "?   \t"} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}

func (t *tally) end(key string, e event) {
	text := ""
	if b := t.output[key]; b != nil {
		text = b.String()
		delete(t.output, key)
	}
	if e.Test == "" {
		t.broken = t.broken || e.Action == "fail"
		if e.Action == "fail" {
			fmt.Fprint(t.out, text)
		}
		return
	}
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		fmt.Fprint(t.out, text)
	case "skip":
		t.skipped++
		t.skips = append(t.skips, fmt.Sprintf("%s %s: %s", e.Package, e.Test, why(text)))
	}
}

// why finds the reason in the output of a skipped test.
func why(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return "no reason given"
}

func (t *tally) close(err error) int {
	if len(t.skips) > 0 {
		fmt.Fprintln(t.out, "\nskipped:")
		for _, s := range t.skips {
			fmt.Fprintln(t.out, "  "+s)
		}
	}
	fmt.Fprintf(t.out, "\n%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	if err != nil {
		fmt.Fprintln(t.out, "testreport:", err)
	}
	if err != nil || t.failed > 0 || t.broken || t.passed == 0 {
		return 1
	}
	return 0
}
