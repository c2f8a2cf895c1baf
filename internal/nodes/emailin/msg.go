package emailin

import (
	"crypto/md5" //nolint:gosec // Node-RED's checksum of an attachment is MD5; it protects nothing
	"encoding/hex"
	"net/mail"
	"slices"
	"strings"

	"toban/internal/mailx"
	"toban/internal/message"
)

// toMessage makes the message as Node-RED's node gives it: topic, payload,
// date, header, html, from, attachments. There is no msg.to, because e-mail out
// would send to it; header.to has it. msg.incomplete says that the mail was too
// big or too odd to be read whole.
func toMessage(raw *mailx.Raw, m *mailx.Mail) *message.Object {
	b := message.NewBuilder(9)
	b.Set("payload", m.Text)
	if slices.ContainsFunc(m.Headers, func(h mailx.Header) bool { return h.Name == "subject" }) {
		b.Set("topic", m.Subject)
	}
	date := m.Date
	if date.IsZero() {
		date = raw.Received
	}
	b.Set("date", message.DateOf(date))
	b.Set("header", headerObject(m.Headers))
	if m.HTML != "" {
		b.Set("html", m.HTML)
	}
	if len(m.From) > 0 {
		b.Set("from", m.From[0].Address)
	}
	b.Set("attachments", attachments(m.Attachments))
	if m.Cut {
		b.Set("incomplete", true)
	}
	return b.Object()
}

// headerObject has one property per header field: addresses and dates as
// objects, other values as text, several of one name as an array.
func headerObject(headers []mailx.Header) *message.Object {
	b := message.NewBuilder(len(headers))
	for _, h := range headers {
		values := make([]message.Value, len(h.Values))
		for i, v := range h.Values {
			values[i] = headerValue(h.Name, v)
		}
		if len(values) == 1 {
			b.Set(h.Name, values[0])
		} else {
			b.Set(h.Name, message.NewArray(values...))
		}
	}
	return b.Object()
}

func headerValue(name, value string) message.Value {
	switch name {
	case "from", "to", "cc", "bcc", "sender", "reply-to", "delivered-to", "return-path":
		return addressValue(value)
	case "date":
		if t, err := mail.ParseDate(value); err == nil {
			return message.DateOf(t)
		}
	}
	return value
}

func addressValue(text string) message.Value {
	list := mailx.ParseAddresses(text)
	items := make([]message.Value, len(list))
	for i, a := range list {
		items[i] = message.NewObject("address", a.Address, "name", a.Name)
	}
	return message.NewObject("value", message.NewArray(items...), "text", text)
}

func attachments(list []mailx.Attachment) *message.Array {
	items := make([]message.Value, len(list))
	for i, a := range list {
		items[i] = attachment(a)
	}
	return message.NewArray(items...)
}

func attachment(a mailx.Attachment) *message.Object {
	sum := md5.Sum(a.Content) //nolint:gosec // see the import
	b := message.NewBuilder(10)
	b.Set("type", "attachment")
	b.Set("content", message.Buffer(a.Content))
	b.Set("contentType", a.ContentType)
	if a.Disposition != "" {
		b.Set("contentDisposition", a.Disposition)
	}
	if a.Filename != "" {
		b.Set("filename", a.Filename)
	}
	if cid := strings.Trim(a.ContentID, "<>"); cid != "" {
		b.Set("contentId", "<"+cid+">")
		b.Set("cid", cid)
	}
	b.Set("related", a.Related)
	b.Set("headers", headerObject(a.Headers))
	b.Set("checksum", hex.EncodeToString(sum[:]))
	b.Set("size", float64(len(a.Content)))
	return b.Object()
}
