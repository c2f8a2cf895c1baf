package sshx

import (
	"errors"
	"strings"

	"golang.org/x/crypto/ssh"
)

// parseKey reads a private key as people paste it: with CRLF line ends, blanks
// around it, or no line end at the end.
func parseKey(f failures, text, passphrase string) (ssh.Signer, error) {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)) + "\n"
	switch {
	case strings.HasPrefix(text, "PuTTY-User-Key-File-"):
		return nil, f.make(BadConfig, "ssh.key_ppk", nil)
	case isPublicKey(text):
		return nil, f.make(BadConfig, "ssh.key_public", nil)
	}
	signer, err := ssh.ParsePrivateKey([]byte(text))
	if _, locked := errors.AsType[*ssh.PassphraseMissingError](err); locked {
		return unlockKey(f, text, passphrase)
	}
	if err != nil {
		return nil, f.make(BadConfig, "ssh.key_unreadable", err)
	}
	return signer, nil
}

func unlockKey(f failures, text, passphrase string) (ssh.Signer, error) {
	if passphrase == "" {
		return nil, f.make(BadConfig, "ssh.key_needs_passphrase", nil)
	}
	signer, err := ssh.ParsePrivateKeyWithPassphrase([]byte(text), []byte(passphrase))
	if err != nil {
		return nil, f.make(BadConfig, "ssh.key_wrong_passphrase", err)
	}
	return signer, nil
}

func isPublicKey(text string) bool {
	_, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	return err == nil
}
