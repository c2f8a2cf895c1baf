package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"toban/internal/locale"
	"toban/internal/store"
)

// brokenDisk names the data folder for the process of TestFsyncFails.
const brokenDisk = "TOBAN_TEST_BROKEN_DISK"

func init() { parts[brokenDisk] = onBrokenDisk }

// refuseSync makes every further fsync of this process fail with EIO, as a
// disk's failure does, by a filter that the kernel runs.
func refuseSync() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the call's number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_FSYNC, Jt: 1},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_FDATASYNC, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EIO)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program))) //nolint:gosec // the kernel wants a pointer
	if errno != 0 {
		return errno
	}
	return nil
}

// onBrokenDisk commits before and after the disk breaks, and tells what it was told.
func onBrokenDisk(dir string) {
	ctx := context.Background()
	s, err := Open(ctx, dir)
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	if err := s.Commit(ctx, cutOf("before", []byte("a"))); err != nil {
		fmt.Println("commit:", err)
		os.Exit(1)
	}
	q := cutOf("before", []byte("b"))
	q.Questions = []store.Question{{ID: "q", Run: "before", State: store.Open}}
	if err := s.Commit(ctx, q); err != nil {
		fmt.Println("question:", err)
		os.Exit(1)
	}
	if err := refuseSync(); err != nil {
		fmt.Println("no filter:", err)
		os.Exit(0)
	}
	for range 3 { // it doesn't become true by asking again
		tell("commit", s.Commit(ctx, cutOf("after", []byte("c"))))
		_, err := s.EndQuestion(ctx, "q", store.Ending{State: store.Answered, Answer: []byte("yes")})
		tell("answer", err)
		tell("cursor", s.SetCursor(ctx, "source", []byte("place")))
		tell("revision", s.PutRevision(ctx, "hash", []byte("[]")))
	}
	_, records, err := s.Run(ctx, "before")
	fmt.Println("reads:", len(records), err)
	os.Exit(0) // without Close, as a crash
}

func tell(what string, err error) {
	fmt.Println(what, locale.HasKey(err, "sqlite.disk"), errors.Is(err, errClosed), err)
}

// TestFsyncFails: while the disk doesn't take what is written, every write is an
// error that says so, reading goes on, and what was confirmed before is there.
func TestFsyncFails(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), brokenDisk+"="+dir)
	out, err := cmd.CombinedOutput()
	text := string(out)
	if strings.Contains(text, "no filter:") {
		t.Skipf("the kernel takes no filter here: %s", text)
	}
	if err != nil || strings.Count(text, " true false ") != 12 || !strings.Contains(text, "reads: 2 <nil>") {
		t.Errorf("%v\n%s", err, text)
	}
	s := openT(t, dir)
	if n := records(t, s, "before"); n != 2 {
		t.Errorf("%d records of what was confirmed", n)
	}
	if err := s.Commit(t.Context(), cutOf("after", []byte("c"))); err != nil {
		t.Errorf("with a disk that works: %v", err)
	}
}
