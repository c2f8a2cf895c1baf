package expr

import (
	"strconv"
	"strings"
)

// replaceText replaces a text by a text, which is taken as it is.
func replaceText(text, pattern, replacement string, limit int) string {
	return strings.Replace(text, pattern, replacement, limit)
}

// replaceMatches replaces the matches of a regular expression by what with gives.
func replaceMatches(text string, re *Regexp, limit int, with func(*Match) (string, error)) (any, error) {
	if limit == 0 {
		return text, nil
	}
	var b strings.Builder
	last := 0
	err := eachMatch(re, text, limit, func(m *Match) error {
		s, err := with(m)
		b.WriteString(text[last:m.Start])
		b.WriteString(s)
		last = m.End
		return err
	})
	if err != nil {
		return nil, err
	}
	b.WriteString(text[last:])
	return b.String(), nil
}

// substitute fills JSONata's references in a replacement: $$ is a dollar sign, $0
// the match, $1 … the groups. Of the digits only as many count as the number of
// groups has, and one less if that is too much.
func substitute(replacement string, m *Match) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(replacement, '$')
		if i < 0 {
			b.WriteString(replacement)
			return b.String()
		}
		b.WriteString(replacement[:i])
		replacement = replacement[i+1:]
		switch {
		case strings.HasPrefix(replacement, "$"):
			b.WriteByte('$')
			replacement = replacement[1:]
		case strings.HasPrefix(replacement, "0"):
			b.WriteString(m.Text[m.Start:m.End])
			replacement = replacement[1:]
		default:
			used, text := reference(replacement, m)
			b.WriteString(text)
			replacement = replacement[used:]
		}
	}
}

// reference reads the number of a group at the front of s.
func reference(s string, m *Match) (used int, text string) {
	digits := len(strconv.Itoa(max(m.Groups(), 1)))
	n, ok := leadingInt(s, digits)
	if ok && digits > 1 && n > m.Groups() {
		n, ok = leadingInt(s, digits-1)
	}
	if !ok {
		return 0, "$"
	}
	text, _ = m.Group(n)
	return len(strconv.Itoa(n)), text
}

// leadingInt reads at most limit characters as parseInt does, digits only.
func leadingInt(s string, limit int) (int, bool) {
	end := 0
	for end < min(limit, len(s)) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, err == nil
}
