// Package mailx reads mailboxes over IMAP and takes mails apart.
//
// It is thin over go-imap (the protocol) and enmime (MIME), and adds what a
// server that must never hang or be surprised needs: every operation has a
// deadline of its own and a cap on the bytes that the server may send, nothing
// is marked unless asked, certificates are always verified, hostile mails are
// cut down to a bounded size before they are parsed, and each error says what
// to do about it.
//
// Certificates are checked against the system's roots; the file named by
// SSL_CERT_FILE replaces them, as everywhere in Go on Unix.
package mailx
