package sshd

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// KillConnections ends the process of every open connection, as a crash of the
// host would; what runs in their sessions goes on.
func (s *Server) KillConnections(t testing.TB) {
	t.Helper()
	kill(t, s.connections(t))
}

// Vanish stops the server and ends its connections, so that nobody gets in
// between; Restart brings it back.
func (s *Server) Vanish(t testing.TB) {
	t.Helper()
	open := s.connections(t)
	s.Stop()
	kill(t, open)
}

func kill(t testing.TB, pids []int) {
	t.Helper()
	for _, pid := range pids {
		p, err := os.FindProcess(pid)
		if err == nil {
			err = p.Kill()
		}
		if err != nil {
			t.Errorf("sshd: connection process %d: %v", pid, err)
		}
	}
}

// connections lists the processes that the server has forked for connections.
func (s *Server) connections(t testing.TB) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	parent := s.child.Process.Pid
	var pids []int
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // ended meanwhile
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == fmt.Sprint(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}
