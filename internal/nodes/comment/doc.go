// Package comment is the comment node, which only the editor shows.
package comment
