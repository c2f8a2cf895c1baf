package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"toban/internal/store"
)

// victimFolder names the data folder for the process that TestKill9 kills.
const victimFolder = "TOBAN_TEST_VICTIM"

// parts are what a child process of these tests may play, by the variable that
// names its data folder.
var parts = map[string]func(dir string){victimFolder: victim}

func TestMain(m *testing.M) {
	for name, play := range parts {
		if dir := os.Getenv(name); dir != "" {
			play(dir)
		}
	}
	os.Exit(m.Run())
}

// victim commits pairs of records from several callers until it is killed, and
// prints the number of each pair once Commit has returned.
func victim(dir string) {
	s, err := Open(context.Background(), dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for caller := range 8 {
		go func() {
			for i := 0; ; i++ {
				a, b := cutOf(fmt.Sprintf("a%d", caller), []byte{1}), cutOf(fmt.Sprintf("b%d", caller), make([]byte, 9000))
				if err := s.Commit(context.Background(), a, b); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Printf("%d %d\n", caller, i+1)
			}
		}()
	}
	select {}
}

// TestKill9: after a kill everything that Commit confirmed is there, no commit
// is there by half, and the folder is free.
func TestKill9(t *testing.T) {
	dir := t.TempDir()
	confirmed := killAfter(t, dir, 2000)
	s := openT(t, dir)
	for caller, want := range confirmed {
		a, b := records(t, s, fmt.Sprintf("a%d", caller)), records(t, s, fmt.Sprintf("b%d", caller))
		if a != b || a < want || want == 0 {
			t.Errorf("caller %d: %d and %d records, %d confirmed", caller, a, b, want)
		}
	}
	var ok string
	if err := s.read.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("integrity: %s, %v", ok, err)
	}
}

// killAfter runs a victim, kills it after so many lines, and gives each
// caller's last confirmed pair.
func killAfter(t *testing.T, dir string, lines int) (confirmed [8]int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(out)
	for n := 0; scanner.Scan(); n++ {
		caller, pair, _ := strings.Cut(scanner.Text(), " ")
		c, err1 := strconv.Atoi(caller)
		i, err2 := strconv.Atoi(pair)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatalf("victim said %q", scanner.Text())
		}
		confirmed[c] = i
		if n == 0 { // while it lives, nobody else gets in
			if _, err := Open(t.Context(), dir); !errors.Is(err, store.ErrLocked) {
				t.Errorf("open beside the victim: %v", err)
			}
		}
		if n == lines {
			_ = cmd.Process.Kill() // the pipe still holds what it confirmed
		}
	}
	_ = cmd.Wait() // killed
	return confirmed
}
