// Package emailin is the node type "e-mail in": every unread mail of an IMAP
// folder is one event.
//
// The first poll is at once, further ones every repeat seconds. A mail is marked
// as read (or deleted) only after its event is safe. It is told from others by
// its Message-ID and body, not by its UID alone, so that a mailbox that was
// restored, moved or renumbered runs nothing twice.
//
// In a rehearsal the folder is opened read-only; each unread mail is rehearsed
// once, stays unread, and is handled for real when the rehearsal is over.
//
// A folder that is new to the node and holds many unread mails is not touched
// until a person has chosen between all of them and only those to come.
package emailin
