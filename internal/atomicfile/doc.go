// Package atomicfile replaces files so that a crash leaves either the old or
// the new content, never a part of one.
package atomicfile
