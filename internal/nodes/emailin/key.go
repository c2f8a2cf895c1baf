package emailin

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"toban/internal/mailx"
)

// key tells a mail from others. UIDVALIDITY and UID alone would run a mail
// again that was moved, copied or renumbered; the Message-ID alone would drop
// another mail that carries the same one. So it is Message-ID, subject and
// body; of a mail without Message-ID everything, and when it arrived.
func key(raw *mailx.Raw, mail *mailx.Mail) string {
	h := sha256.New()
	data := bytes.ReplaceAll(raw.Data, []byte("\r\n"), []byte("\n"))
	if mail.MessageID == "" {
		h.Write(data)
		return "raw:" + strconv.FormatInt(raw.Received.Unix(), 10) + ":" + hex.EncodeToString(h.Sum(nil))
	}
	_, body, _ := bytes.Cut(data, []byte("\n\n"))
	h.Write([]byte(mail.Subject + "\n"))
	h.Write(body)
	return "mail:" + shortened(mail.MessageID) + ":" + hex.EncodeToString(h.Sum(nil))
}

// shortened bounds a Message-ID, which the sender made up.
func shortened(id string) string {
	const longest = 200
	if len(id) <= longest {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256-" + hex.EncodeToString(sum[:])
}

// title names the event in lists.
func title(mail *mailx.Mail) string {
	sender := ""
	if len(mail.From) > 0 {
		sender = cmp.Or(mail.From[0].Address, mail.From[0].Name)
	}
	return cmp.Or(strings.TrimSpace(mail.Subject), sender, mail.MessageID)
}
