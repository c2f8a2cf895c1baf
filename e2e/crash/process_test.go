package crash

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// process is `toban serve` on a data folder, in one life after the other.
type process struct {
	t     *testing.T
	env   []string
	addr  string
	data  string
	log   *os.File
	cmd   *exec.Cmd
	ended chan struct{} // closed when this life is over
	lives int
}

func newProcess(t *testing.T, env []string) *process {
	t.Helper()
	p := &process{t: t, addr: freeAddress(t), data: t.TempDir(), env: append(os.Environ(), env...)}
	var err error
	if p.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the server's log:\n%s", p.lastLines())
		}
		_ = p.log.Close()
	})
	return p
}

// start begins a life, with a failpoint (NAME or NAME:N) or with "".
func (p *process) start(point string) {
	p.t.Helper()
	p.lives++
	fmt.Fprintf(p.log, "--- life %d %s\n", p.lives, point)
	p.cmd = exec.Command(binary, "serve", "--data", p.data, "--listen", p.addr)
	p.cmd.Env = append(p.env, "TOBAN_FAILPOINT="+point)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	p.ended = ended
	go func(cmd *exec.Cmd) { // ends with the process
		_ = cmd.Wait() // how it ended is in cmd
		close(ended)
	}(p.cmd)
}

// dead reports whether the process is not there. One that ended by itself,
// otherwise than by SIGKILL, is a failure.
func (p *process) dead() bool {
	if p.cmd == nil {
		return true
	}
	select {
	case <-p.ended:
	default:
		return false
	}
	status := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.Signal() != syscall.SIGKILL {
		p.t.Fatalf("the server ended by itself: %v", p.cmd.ProcessState)
	}
	return true
}

// kill is kill -9 at this moment.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	<-p.ended
}

func (p *process) lastLines() string {
	text, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	const most = 12000
	return string(text[max(0, len(text)-most):])
}

// nextPort walks through the ports below those that systems give to outgoing
// connections: between two lives nobody else must get the server's port.
var nextPort atomic.Int64

func freeAddress(t *testing.T) string {
	t.Helper()
	base := int64(os.Getpid() % 100 * 100)
	for range 10_000 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+(base+nextPort.Add(1))%10_000)
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}

// pause is the rhythm of everybody outside.
const pause = 15 * time.Millisecond
