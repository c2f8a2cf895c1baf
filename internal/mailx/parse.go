package mailx

import (
	"bufio"
	"bytes"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

var parser = enmime.NewParser(
	enmime.SkipMalformedParts(true),
	enmime.MultipartWOBoundaryAsSinglePart(true),
	enmime.DisableCharacterDetection(true), // a declared charset is the sender's word, guesses are worse
	enmime.MaxStoredPartErrors(1),
	enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }), // keep what could be decoded
)

// Parse takes a mail apart. It never fails: of a mail that is no mail it gives
// what can be read, and sets Cut.
func Parse(data []byte) *Mail {
	tamed, cut := tame(data)
	root, err := readParts(tamed)
	if err != nil {
		return unparsed(tamed)
	}
	m := &Mail{Cut: cut}
	fillHeaders(m, root, tamed)
	collect(m, root)
	m.Text, m.HTML = clean(m.Text), clean(m.HTML)
	if strings.TrimSpace(m.Text) == "" && m.HTML != "" {
		m.Text = textOf(m.HTML)
	}
	return m
}

// readParts keeps a bug in the parser from ending the server: mails are an
// attacker's text.
func readParts(data []byte) (root *enmime.Part, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("mail parser: %v", v)
		}
	}()
	return parser.ReadParts(bytes.NewReader(data))
}

// collect sorts the leaves of the part tree into text, HTML and attachments.
func collect(m *Mail, root *enmime.Part) {
	var text, html []string
	var walk func(p *enmime.Part)
	walk = func(p *enmime.Part) {
		for ; p != nil; p = p.NextSibling {
			switch {
			case strings.HasPrefix(p.ContentType, "multipart/") && p.FirstChild != nil:
				walk(p.FirstChild)
			case isBody(p, "text/plain"), isBody(p, ""), strings.HasPrefix(p.ContentType, "multipart/"):
				text = append(text, string(p.Content))
			case isBody(p, "text/html"):
				html = append(html, string(p.Content))
			default:
				m.Attachments = append(m.Attachments, attachment(p))
			}
			if p == root {
				break
			}
		}
	}
	walk(root)
	m.Text, m.HTML = strings.Join(text, "\n"), strings.Join(html, "\n")
}

func isBody(p *enmime.Part, contentType string) bool {
	return p.ContentType == contentType && p.Disposition != "attachment" && p.FileName == ""
}

func attachment(p *enmime.Part) Attachment {
	return Attachment{
		Filename:    clean(p.FileName),
		ContentType: p.ContentType,
		Disposition: p.Disposition,
		ContentID:   p.ContentID,
		Related:     p.Parent != nil && p.Parent.ContentType == "multipart/related",
		Headers:     headers(p, nil),
		Content:     p.Content,
	}
}

func fillHeaders(m *Mail, root *enmime.Part, data []byte) {
	m.Headers = headers(root, data)
	m.Subject = singleLine(first(m.Headers, "subject"))
	m.MessageID = strings.TrimSpace(first(m.Headers, "message-id"))
	m.Date, _ = mail.ParseDate(first(m.Headers, "date")) // the zero time says that there is none
	m.From = addresses(root, "From")
	m.To = addresses(root, "To")
	m.Cc = addresses(root, "Cc")
}

func addresses(root *enmime.Part, name string) (out []Address) {
	for _, raw := range root.Header.Values(name) {
		out = append(out, ParseAddresses(raw)...)
	}
	return out
}

// ParseAddresses reads a list of mail addresses as headers hold them, encoded
// or decoded. What is no address list is given as one name, so that it can at
// least be seen.
func ParseAddresses(text string) (out []Address) {
	list, err := enmime.ParseAddressList(text)
	if err != nil {
		if text := clean(enmime.DecodeRFC2047(text)); text != "" {
			out = append(out, Address{Name: text})
		}
		return out
	}
	for _, a := range list {
		out = append(out, Address{Name: clean(a.Name), Address: clean(a.Address)})
	}
	return out
}

// headers lists a part's header fields; data, if given, tells their order.
func headers(p *enmime.Part, data []byte) []Header {
	var out []Header
	for name, values := range p.Header {
		h := Header{Name: strings.ToLower(name)}
		for _, v := range values {
			h.Values = append(h.Values, clean(enmime.DecodeRFC2047(v)))
		}
		out = append(out, h)
	}
	place := appearance(data)
	slices.SortFunc(out, func(a, b Header) int {
		if d := place[a.Name] - place[b.Name]; d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// appearance numbers header names by where they first stand.
func appearance(data []byte) map[string]int {
	place := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(data[:headerEnd(data)]))
	lines.Buffer(nil, maxHeader)
	for n := 0; lines.Scan(); n++ {
		name, _, ok := strings.Cut(lines.Text(), ":")
		if name = strings.ToLower(name); ok && place[name] == 0 {
			place[name] = n + 1
		}
	}
	return place
}

func first(headers []Header, name string) string {
	for _, h := range headers {
		if h.Name == name && len(h.Values) > 0 {
			return h.Values[0]
		}
	}
	return ""
}

// unparsed gives a mail that the parser can't take as its own text.
func unparsed(data []byte) *Mail {
	return &Mail{Text: clean(string(data[:min(len(data), maxUnparsed)])), Cut: true}
}
