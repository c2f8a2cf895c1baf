package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"toban/internal/locale"
)

type place struct{ file, key string }

func newPlace(t *testing.T) place {
	dir := t.TempDir()
	return place{filepath.Join(dir, "flows_cred.json"), filepath.Join(dir, "credential.key")}
}

func (p place) open(secret string) *Vault { return New(p.file, p.key, secret) }

func (p place) seal(t *testing.T, secret, plain string) {
	t.Helper()
	if err := p.open(secret).Save([]byte(plain)); err != nil {
		t.Fatal(err)
	}
}

const plain = `{"n1":{"password":"correct horse"}}`

func TestRoundTrip(t *testing.T) {
	for _, secret := range []string{"", "a secret"} {
		p := newPlace(t)
		p.seal(t, secret, plain)
		got, err := p.open(secret).Load()
		if err != nil || string(got) != plain {
			t.Errorf("secret %q: got %q, %v", secret, got, err)
		}
		if raw, _ := os.ReadFile(p.file); bytes.Contains(raw, []byte("correct horse")) || bytes.Contains(raw, []byte("password")) {
			t.Error("the file shows what it holds")
		}
	}
}

func TestNoFileIsNoError(t *testing.T) {
	if got, err := newPlace(t).open("").Load(); got != nil || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOnlyTheOwnerReads(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("windows has no file modes")
	}
	p := newPlace(t)
	p.seal(t, "", plain)
	for _, path := range []string{p.file, p.key} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestWrongKeysSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name, sealed, opened string
		spoil                func(p place)
		want                 string
	}{
		{name: "another secret", sealed: "a", opened: "b", want: "vault.wrong_secret"},
		{name: "secret not set", sealed: "a", opened: "", want: "vault.no_secret"},
		{name: "key file lost", spoil: func(p place) { os.Remove(p.key) }, want: "vault.no_key"},
		{name: "key file of another vault", spoil: func(p place) {
			other := filepath.Join(filepath.Dir(p.file), "other")
			_ = New(other, other+".key", "").Save(nil)
			_ = os.Rename(other+".key", p.key)
		}, want: "vault.wrong_key"},
		{name: "key file damaged", spoil: func(p place) { os.WriteFile(p.key, []byte("?"), 0o600) }, want: "vault.bad_key"},
		{name: "file cut off", spoil: func(p place) { os.Truncate(p.file, 20) }, want: "vault.format"},
		{name: "a character changed", spoil: func(p place) {
			raw, _ := os.ReadFile(p.file)
			i := bytes.Index(raw, []byte(`"data":"`)) + 9
			if raw[i]++; raw[i] == '+'+1 || raw[i] == '9'+1 || raw[i] == 'Z'+1 || raw[i] == 'z'+1 {
				raw[i] = 'A' // a base64 character all the same
			}
			os.WriteFile(p.file, raw, 0o600)
		}, want: "vault.wrong_key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t)
			p.seal(t, c.sealed, plain)
			if c.spoil != nil {
				c.spoil(p)
			}
			before, _ := os.ReadFile(p.file)
			got, err := p.open(c.opened).Load()
			if !locale.HasKey(err, c.want) {
				t.Errorf("got %q, %v; want %s", got, err, c.want)
			}
			if after, _ := os.ReadFile(p.file); !bytes.Equal(before, after) {
				t.Error("the file was touched")
			}
		})
	}
}

func TestSecretTakesOverFromKeyFile(t *testing.T) {
	p := newPlace(t)
	p.seal(t, "", plain)
	v := p.open("now with a secret")
	got, err := v.Load()
	if err != nil || string(got) != plain {
		t.Fatalf("got %q, %v", got, err)
	}
	if err := v.Save(got); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(p.key); err != nil {
		t.Fatal(err)
	}
	if got, err := p.open("now with a secret").Load(); err != nil || string(got) != plain {
		t.Errorf("got %q, %v", got, err)
	}
}

// A slow key derivation would be felt at every start: about 30 ms are meant.
func BenchmarkDerivation(b *testing.B) {
	for b.Loop() {
		v := New("", "", "s")
		if _, err := v.keyFor(fromSecret, make([]byte, saltSize)); err != nil {
			b.Fatal(err)
		}
	}
}
