package mailx_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"toban/internal/mailx"
	"toban/internal/sim/mailbox"
	"toban/internal/testparts/cputime"
)

func encode(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseCharsets(t *testing.T) {
	const text = "障害のお知らせ: インスタンス i-0123 が停止しました"
	for label, e := range map[string]encoding.Encoding{
		"iso-2022-jp": japanese.ISO2022JP, "ISO-2022-JP-MS": japanese.ISO2022JP, "cp50220": japanese.ISO2022JP,
		"shift_jis": japanese.ShiftJIS, "cp932": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS,
		"euc-jp": japanese.EUCJP, "utf-8": encoding.Nop,
	} {
		t.Run(label, func(t *testing.T) {
			raw := fmt.Sprintf("Subject: =?%s?B?%s?=\r\nContent-Type: text/plain; charset=%q\r\n\r\n%s\r\n",
				label, base64.StdEncoding.EncodeToString([]byte(encode(t, e, text))), label, encode(t, e, text))
			m := mailx.Parse([]byte(raw))
			if m.Subject != text || m.Text != text+"\n" || m.Cut {
				t.Errorf("subject %q, text %q, cut %v", m.Subject, m.Text, m.Cut)
			}
		})
	}
}

// NEC's row 13 is outside the standard, but in every second Japanese mail.
func TestParseCircledDigits(t *testing.T) {
	for label, body := range map[string]string{
		"iso-2022-jp-ms": "\x1b$B-!\x1b(B", "iso-2022-jp": "\x1b$B-!\x1b(B", "cp932": "\x87\x40",
	} {
		m := mailx.Parse([]byte("Content-Type: text/plain; charset=" + label + "\r\n\r\n" + body))
		if m.Text != "①" {
			t.Errorf("%s: %q", label, m.Text)
		}
	}
}

func TestParseFields(t *testing.T) {
	raw := strings.Join([]string{
		"Received: by b", "Received: by a",
		"From: =?utf-8?B?6YGL55So?= <ops@example.com>",
		"To: a@example.com, B <b@example.com>", "Cc: c@example.com",
		"Subject: one", " two", "Date: Mon, 02 Jan 2006 15:04:05 +0900",
		"Message-ID: <x@example.com>", "", "hi", ""}, "\r\n")
	got := mailx.Parse([]byte(raw))
	want := &mailx.Mail{
		Subject: "one two", Text: "hi\n", MessageID: "<x@example.com>",
		From: []mailx.Address{{Name: "運用", Address: "ops@example.com"}},
		To:   []mailx.Address{{Address: "a@example.com"}, {Name: "B", Address: "b@example.com"}},
		Cc:   []mailx.Address{{Address: "c@example.com"}},
		Date: time.Date(2006, 1, 2, 15, 4, 5, 0, time.FixedZone("", 9*3600)),
		Headers: []mailx.Header{
			{Name: "received", Values: []string{"by b", "by a"}},
			{Name: "from", Values: []string{"運用 <ops@example.com>"}},
			{Name: "to", Values: []string{"a@example.com, B <b@example.com>"}},
			{Name: "cc", Values: []string{"c@example.com"}},
			{Name: "subject", Values: []string{"one two"}},
			{Name: "date", Values: []string{"Mon, 02 Jan 2006 15:04:05 +0900"}},
			{Name: "message-id", Values: []string{"<x@example.com>"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseParts(t *testing.T) {
	raw := strings.ReplaceAll(`Content-Type: multipart/mixed; boundary=m

preamble
--m
Content-Type: multipart/alternative; boundary="a a"

--a a
Content-Type: text/plain

plain
--a a
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<p>html<img src="cid:pic">
--r
Content-Type: image/png; name=p.png
Content-ID: <pic>
Content-Transfer-Encoding: base64

aGVsbG8=
--r--
--a a--
--m
Content-Type: text/plain
Content-Disposition: attachment; filename*=utf-8''%E8%A8%BC%E8%B7%A1.txt

attached
--m
Content-Type: message/rfc822

Subject: inner

inner text
--m--
`, "\n", "\r\n")
	m := mailx.Parse([]byte(raw))
	if m.Text != "plain" || !strings.Contains(m.HTML, "<p>html") || m.Cut {
		t.Errorf("text %q, html %q, cut %v", m.Text, m.HTML, m.Cut)
	}
	type short struct {
		Name, Type, ID, Content string
		Related                 bool
	}
	var got []short
	for _, a := range m.Attachments {
		got = append(got, short{a.Filename, a.ContentType, a.ContentID, strings.TrimSpace(string(a.Content)), a.Related})
	}
	want := []short{
		{"p.png", "image/png", "pic", "hello", true},
		{"証跡.txt", "text/plain", "", "attached", false},
		{"", "message/rfc822", "", "Subject: inner\r\n\r\ninner text", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attachments (-want +got)\n%s", diff)
	}
}

func TestParseHTMLOnlyGivesText(t *testing.T) {
	m := mailx.Parse(mailbox.HTMLNotice("i-0123456789abcdef0", "i-0fedcba9876543210").Bytes())
	for _, id := range []string{"\ni-0123456789abcdef0\n", "\ni-0fedcba9876543210\n"} {
		if !strings.Contains(m.Text, id) {
			t.Errorf("no line %q in %q", id, m.Text)
		}
	}
	if strings.Contains(m.Text, "font:") || !strings.Contains(m.HTML, "<div>") {
		t.Errorf("text %q, html %q", m.Text, m.HTML)
	}
}

func TestParseOddMails(t *testing.T) {
	for name, c := range map[string]struct{ raw, text string }{
		"empty":               {"", ""},
		"no header":           {"\r\njust text\r\n", "just text\n"},
		"no body":             {"Subject: x\r\n\r\n", ""},
		"unknown charset":     {"Content-Type: text/plain; charset=klingon\r\n\r\nabc", "abc"},
		"broken base64":       {"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8*!", "hello"},
		"missing boundary":    {"Content-Type: multipart/mixed\r\n\r\nabc\r\n", "abc\n"},
		"boundary never ends": {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nabc\r\n", "abc"},
		"broken quoted":       {"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=ZZb=\r\nc", "a=ZZbc"},
		"no content type":     {"Subject: x\r\n\r\nbody =\r\n", "body =\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if m := mailx.Parse([]byte(c.raw)); strings.TrimRight(m.Text, "\n") != strings.TrimRight(c.text, "\n") {
				t.Errorf("text %q, want %q", m.Text, c.text)
			}
		})
	}
}

func TestHostileMailsAreBounded(t *testing.T) {
	nested := &bytes.Buffer{}
	for i := range 500 {
		fmt.Fprintf(nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	many := func(name string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "X-%s-%d: v\r\n", name, i)
		}
		return b.String()
	}
	for name, raw := range map[string]string{
		"a million parts":   "Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nx\r\n" + strings.Repeat("--b\r\n\r\n", 1_300_000),
		"500 levels":        "Subject: s\r\n" + nested.String() + "text",
		"100000 headers":    "Subject: s\r\n" + many("H", 100_000) + "\r\nbody",
		"a header of 10 MB": "Subject: s\r\nX-Big: " + strings.Repeat("x", 10<<20) + "\r\n\r\nbody",
		"part with headers": "Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + many("P", 100_000) + "\r\nbody\r\n--b--\r\n",
		"deep html":         "Subject: s\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("<div><b>", 500_000),
		"wide html table":   "Subject: s\r\nContent-Type: text/html\r\n\r\n<table>" + strings.Repeat("<tr><td>x", 300_000),
		"encoded words":     "Subject: s " + strings.Repeat("=?utf-8?q?=41?= ", 16_000) + "\r\n\r\nbody",
		"addresses":         "Subject: s\r\nTo: " + strings.Repeat("a@example.com, ", 16_000) + "\r\n\r\nbody",
		"unclosed brackets": "Subject: s\r\nTo: " + strings.Repeat("(<\"", 60_000) + "\r\n\r\nbody",
	} {
		t.Run(name, func(t *testing.T) {
			begin := cputime.Used()
			m := mailx.Parse([]byte(raw))
			if !strings.HasPrefix(m.Subject, "s") {
				t.Errorf("subject %.40q", m.Subject)
			}
			took := cputime.Used() - begin
			t.Logf("%v, %d attachments, %d headers, cut %v", took, len(m.Attachments), len(m.Headers), m.Cut)
			if took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range mailbox.Samples([]string{"i-1", "i-2", "i-3"}) {
		f.Add(s.Mail.Bytes())
	}
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=iso-2022-jp-ms\r\n\r\n<p>\x1b$B-!\r\n--b--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := mailx.Parse(raw)
		for _, s := range []string{m.Subject, m.Text, m.HTML, m.MessageID} {
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("not UTF-8: %q", s)
			}
		}
	})
}
