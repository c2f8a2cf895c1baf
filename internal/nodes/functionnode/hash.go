package functionnode

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"os"

	"toban/internal/message"
)

// hashes are those of Node's crypto.createHash that flows use.
var hashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New,
	"sha384": sha512.New384, "sha512": sha512.New,
}

// opHash is crypto.createHash and createHmac: hash(algorithm, data, key); key
// undefined means no HMAC.
func (n *Function) opHash(a arguments) (message.Value, error) {
	fresh, ok := hashes[a.text(0)]
	if !ok {
		return nil, errors.New("Digest method not supported") //nolint:staticcheck // Node.js's own text
	}
	data, err := a.value(1)
	if err != nil {
		return nil, err
	}
	key, err := a.value(2)
	if err != nil {
		return nil, err
	}
	h := fresh()
	if k, ok := key.(message.Buffer); ok {
		h = hmac.New(fresh, []byte(k))
	}
	b, _ := data.(message.Buffer)
	_, _ = h.Write([]byte(b)) // hash.Hash never fails
	return message.Buffer(h.Sum(nil)), nil
}

// opOS tells what the module os asks: os(what).
func (n *Function) opOS(a arguments) (message.Value, error) {
	switch a.text(0) {
	case "hostname":
		return os.Hostname()
	case "tmpdir":
		return os.TempDir(), nil
	case "homedir":
		return os.UserHomeDir()
	}
	return nil, nil
}
