// Package mailbox is a mailbox for the demo and for tests: a real IMAP server
// in the process, and ready-made mails as AWS sends them, in our own words
// after the real formats of 2016 to 2025.
package mailbox
