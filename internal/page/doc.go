// Package page is the frame of every page that the server renders itself: the
// console, and the pages for signing in. It has the layout with its head and
// navigation, the style sheet and the few scripts, the reader's language, and
// what one forgets so easily: the content security policy, and that nothing is
// kept in caches.
//
// A page works without scripts. Scripts only keep it up to date, and they are
// files of ours: nothing stands in attributes or in the page.
package page
