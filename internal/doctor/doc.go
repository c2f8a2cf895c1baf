// Package doctor tries everything outside that a data folder's flows depend on:
// it logs in to each mailbox and opens its folder (read-only), logs in to each
// SSH host without running anything, and asks Slack about tokens, scopes and
// channels. It changes nothing and posts nothing. What is wrong comes with the
// mend, in the error's text.
package doctor
