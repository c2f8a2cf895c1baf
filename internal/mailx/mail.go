package mailx

import "time"

// Mail is a mail taken apart. All texts are valid UTF-8 with LF line ends.
type Mail struct {
	Subject   string
	Text      string // the plain text; made from HTML if the mail has no other
	HTML      string // "" if there is none
	From      []Address
	To, Cc    []Address
	Date      time.Time // zero if the mail has none that can be read
	MessageID string    // as in the header, <…> included; "" if there is none
	Headers   []Header  // in order of first appearance
	// Attachments are all parts that are not the text: files, pictures, other mails.
	Attachments []Attachment
	// Cut says that the mail was too big or too odd and something was left out.
	Cut bool
}

// Address is one mail address; Name may be empty.
type Address struct{ Name, Address string }

// Header is one header field: its name in lower case and its decoded values in order.
type Header struct {
	Name   string
	Values []string
}

// Attachment is one file of a mail.
type Attachment struct {
	Filename    string
	ContentType string // without parameters
	Disposition string // "attachment", "inline" or ""
	ContentID   string // without <>
	Related     bool   // belongs to the HTML, such as a picture in it
	Headers     []Header
	Content     []byte
}
