package engine

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"

	"toban/internal/message"
)

// idEncoding is base32 in the order of ASCII, so that ids sort as their bytes do.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newRunID makes an id that sorts by time: 48 bits of milliseconds, 72 random bits.
func newRunID(now time.Time) string {
	var b [15]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:])
	return idEncoding.EncodeToString(b[:])
}

// newQuestionID makes an id that can't be guessed.
func newQuestionID() string {
	var b [15]byte
	_, _ = rand.Read(b[:])
	return idEncoding.EncodeToString(b[:])
}

// withID gives msg a _msgid if it has none: id, or a new one.
func withID(msg *message.Object, id string) *message.Object {
	if have, _ := msg.Lookup("_msgid"); have != nil {
		return msg
	}
	if id == "" {
		id = message.NewID()
	}
	return msg.With("_msgid", id)
}
