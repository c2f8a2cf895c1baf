package expr

import "strings"

// CachedRegexp is CompileRegexp for patterns that come with messages: it keeps
// what it compiled. Only as many are kept as fit a bound.
func CachedRegexp(source, flags string) (*Regexp, error) { return cachedRegexp(source, flags) }

// QuoteRegexp gives a pattern that matches exactly the text.
func QuoteRegexp(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`-[]{}()*+?.,\^$|#`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
