package sshx

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// listen gives the address of a server that does what serve says.
func listen(t *testing.T, serve func(net.Conn)) *Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
			}()
		}
	}()
	client, err := New(Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, User: "ops", Password: "x", DialTimeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestHostileServers(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"silent":          func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"endless banner":  func(c net.Conn) { endless(c, "hello, and wait a moment\r\n") },
		"endless line":    func(c net.Conn) { endless(c, strings.Repeat("x", 1000)) },
		"another service": func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") },
		"stalls midway":   func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n"); _, _ = io.Copy(io.Discard, c) },
		"hangs up":        func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			client := listen(t, serve)
			begun := time.Now()
			_, err := client.Exec(t.Context(), Command{Text: "true"})
			if KindOf(err) != Unreachable {
				t.Errorf("kind %q of %v", KindOf(err), err)
			}
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("it held us for %v", took)
			}
		})
	}
}

func endless(c net.Conn, text string) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

func TestCancelledDial(t *testing.T) {
	client := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	if _, err := client.Exec(ctx, Command{Text: "true"}); err == nil {
		t.Error("a cancelled dial succeeded")
	}
}

// settle waits until there are at most so many goroutines.
func settle(limit int) bool {
	for range 200 {
		if runtime.NumGoroutine() <= limit {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}
