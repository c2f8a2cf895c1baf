package sshx

import (
	"bytes"
	"crypto/ed25519"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"

	"toban/internal/atomicfile"
	"toban/internal/testparts/powercut"
)

func pinned(t *testing.T, address string, seed byte) HostKey {
	t.Helper()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	key, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return HostKey{Address: address, key: key}
}

// TestPowerCutWhilePinning: a cut loses no key that was pinned before, and brings
// back none that was replaced.
func TestPowerCutWhilePinning(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := atomicfile.MakeFolder(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	record := powercut.Record(t, dir)
	first, second, replaced := pinned(t, "a.example:22", 1), pinned(t, "b.example:22", 2), pinned(t, "a.example:22", 3)
	keys := []HostKey{first, second, replaced}
	known := func(dir string) (text string) {
		for _, key := range keys {
			text += string(KindOf(key.Known(KnownHostsFile(dir)))) + " "
		}
		return text
	}
	want := []string{known(dir)}
	for _, key := range keys {
		if err := key.Save(KnownHostsFile(dir), true); err != nil {
			t.Fatal(err)
		}
		record.Step()
		want = append(want, known(dir))
	}
	states := record.Each(t, func(s powercut.State) {
		if got := known(s.Dir); got != want[s.Done] && (!s.Doing || got != want[s.Done+1]) {
			t.Errorf("after %s, %d pinned: %s", s.After, s.Done, got)
		}
	})
	t.Logf("%d states", states)
	if states < 20 {
		t.Errorf("only %d states were tried", states)
	}
}
