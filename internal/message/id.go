package message

import (
	"crypto/rand"
	"encoding/hex"
)

// NewID makes a message or node id as Node-RED does: 8 random bytes in hex.
func NewID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}
