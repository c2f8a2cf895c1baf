package mailbox

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"toban/internal/message"
)

// Mail is a mail to be composed. Empty fields get values fit for the demo.
type Mail struct {
	From, To  string // addresses, with or without a name
	Subject   string
	Text      string
	HTML      string // without Text: an HTML-only mail; with it: both
	MessageID string // with <>
	Date      time.Time
}

// Bytes gives the mail as it travels (RFC 5322): CRLF line ends, encoded
// headers, bodies in quoted-printable.
func (m Mail) Bytes() []byte {
	m = m.completed()
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", address(m.From))
	header("To", address(m.To))
	header("Subject", mime.BEncoding.Encode("utf-8", oneLine(m.Subject)))
	header("Date", m.Date.Format(time.RFC1123Z))
	header("Message-ID", m.MessageID)
	header("MIME-Version", "1.0")
	m.body(&b)
	return b.Bytes()
}

func (m Mail) completed() Mail {
	if m.From == "" {
		m.From = "no-reply-aws@amazon.com"
	}
	if m.To == "" {
		m.To = "ops@example.com"
	}
	if m.Date.IsZero() {
		m.Date = time.Now()
	}
	if m.MessageID == "" {
		m.MessageID = "<" + message.NewID() + "@mail.example.com>"
	}
	return m
}

func (m Mail) body(b *bytes.Buffer) {
	switch {
	case m.HTML == "":
		part(b, "text/plain", m.Text)
	case m.Text == "":
		part(b, "text/html", m.HTML)
	default:
		boundary := "=_" + message.NewID()
		fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n--%s\r\n", boundary, boundary)
		part(b, "text/plain", m.Text)
		fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
		part(b, "text/html", m.HTML)
		fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
	}
}

func part(b *bytes.Buffer, contentType, text string) {
	fmt.Fprintf(b, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", contentType)
	w := quotedprintable.NewWriter(b) // a bytes.Buffer takes every write
	_, _ = w.Write([]byte(crlf(text)))
	_ = w.Close()
}

func address(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		return a.String()
	}
	return mime.BEncoding.Encode("utf-8", oneLine(s))
}

// oneLine keeps a composer's text from adding headers of its own.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' }), " ")
}

func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}
