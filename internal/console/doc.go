// Package console is the pages for the person on duty: /runs, what happened to
// each event; /runs/{id}, one run step by step; /questions, what waits for a
// person, answerable there.
//
// The pages are rendered here and work without scripts; a script only fetches
// them again while they are open. Whatever a flow or a mail brought in is text
// (html/template), cut for display with its size said, and a page has a bounded
// number of rows. Decisions go through the engine exactly as Slack's do: the
// first answer counts, and everybody else is told how the question ended.
package console
