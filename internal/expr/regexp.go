package expr

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"

	"toban/internal/locale"
	"toban/internal/message"
)

// regexpTimeout bounds one match: patterns and texts can make a backtracking
// matcher run for years.
const regexpTimeout = 2 * time.Second

// Regexp is a JavaScript regular expression. It is safe for concurrent use.
type Regexp struct {
	source string
	quick  *regexp2.Regexp // without a clock
	timed  func() *regexp2.Regexp
	groups []int // numbers of the capture groups, without 0
	names  map[string]int
	sly    bool // may take more than quadratic time
}

// maxQuick is the text size up to which a pattern that is at worst quadratic
// needs no clock. The clock costs a goroutine that wakes ten times a second.
const maxQuick = 16 << 10

// CompileRegexp compiles new RegExp(source, flags). Known flags are i, m, s, u and
// g; g means nothing here, what is done with the matches decides.
func CompileRegexp(source, flags string) (*Regexp, error) {
	options, err := regexpOptions(source, flags)
	if err != nil {
		return nil, err
	}
	quick, err := regexp2.Compile(source, options, regexp2.OptionMaintainCaptureOrder())
	if err != nil {
		return nil, locale.Errorf("expr.regexp.syntax", "pattern", source).Because(err)
	}
	re := &Regexp{source: source, quick: quick, sly: superQuadratic(source), names: map[string]int{}}
	for _, n := range quick.GetGroupNumbers() {
		if n == 0 {
			continue
		}
		re.groups = append(re.groups, n)
		if name := quick.GroupNameFromNumber(n); name != message.FormatNumber(float64(n)) {
			re.names[name] = len(re.groups)
		}
	}
	re.timed = sync.OnceValue(func() *regexp2.Regexp {
		timed := regexp2.MustCompile(source, options, regexp2.OptionMaintainCaptureOrder())
		timed.MatchTimeout = regexpTimeout
		return timed
	})
	return re, nil
}

func regexpOptions(source, flags string) (regexp2.RegexOptions, error) {
	options := regexp2.ECMAScript
	for _, flag := range flags {
		switch flag {
		case 'i':
			options |= regexp2.IgnoreCase
		case 'm':
			options |= regexp2.Multiline
		case 's':
			options |= regexp2.Singleline
		case 'u':
			options |= regexp2.Unicode
		case 'g':
		default:
			return 0, locale.Errorf("expr.regexp.flag", "pattern", source, "flag", string(flag))
		}
	}
	return options, nil
}

// superQuadratic guesses whether matching may take more than quadratic time:
// two unbounded repetitions can multiply, back-references and look-arounds too.
func superQuadratic(source string) bool {
	unbounded := 0
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '\\':
			i++
			if i < len(source) && (source[i] >= '1' && source[i] <= '9' || source[i] == 'k') {
				return true
			}
		case c == '*' || c == '+':
			unbounded++
		case c == '{' && strings.Contains(source[i:], ",}"):
			unbounded++
		case strings.HasPrefix(source[i:], "(?=") || strings.HasPrefix(source[i:], "(?!") || strings.HasPrefix(source[i:], "(?<"):
			return true
		}
	}
	return unbounded > 1
}

// String gives the source.
func (re *Regexp) String() string { return re.source }

// pick gives the matcher for a text.
func (re *Regexp) pick(text string) *regexp2.Regexp {
	if re.sly || len(text) > maxQuick {
		return re.timed()
	}
	return re.quick
}

// Test is RegExp.prototype.test. The error is that the match took too long.
func (re *Regexp) Test(text string) (bool, error) {
	ok, err := re.pick(text).MatchString(text)
	return ok, re.explain(err)
}

func (re *Regexp) explain(err error) error {
	if err == nil {
		return nil
	}
	return locale.Errorf("expr.regexp.slow", "pattern", re.source, "limit", regexpTimeout).Because(err)
}

// Match is one match: byte offsets of the whole and of each group in the text,
// -1 for a group that took no part.
type Match struct {
	Text       string
	Start, End int
	loc        []int
}

// Group gives capture group n, counted from 1, and whether it took part.
func (m *Match) Group(n int) (string, bool) {
	if n < 1 || 2*n > len(m.loc) || m.loc[2*n-2] < 0 {
		return "", false
	}
	return m.Text[m.loc[2*n-2]:m.loc[2*n-1]], true
}

// Groups is the number of capture groups.
func (m *Match) Groups() int { return len(m.loc) / 2 }

// runeBuffers keep the decoded texts; a mail is decoded for every match otherwise.
var runeBuffers = sync.Pool{New: func() any { return new([]rune) }}

// Each calls yield for every match from the left, empty ones included, as a
// global JavaScript RegExp finds them, until yield gives false. The Match is
// only valid during the call.
func (re *Regexp) Each(text string, yield func(*Match) bool) error {
	buffer := runeBuffers.Get().(*[]rune)
	defer runeBuffers.Put(buffer)
	runes := appendRunes((*buffer)[:0], text)
	if cap(runes) <= 64<<10 {
		*buffer = runes
	}
	offsets := offsetter{text: text, ascii: len(runes) == len(text)}
	m := Match{Text: text, loc: make([]int, 2*len(re.groups))}
	err := re.pick(text).FindRunesMatches(runes, 0, func(view regexp2.MatchView) bool {
		at, length, _ := view.GroupRange(0)
		m.Start, m.End = offsets.byte(at), offsets.byte(at+length)
		for i, n := range re.groups {
			m.loc[2*i], m.loc[2*i+1] = -1, -1
			if at, length, ok := view.GroupRange(n); ok {
				m.loc[2*i], m.loc[2*i+1] = offsets.byte(at), offsets.byte(at+length)
			}
		}
		return yield(&m)
	})
	return re.explain(err)
}

// appendRunes decodes s. Texts are mostly ASCII, where a byte is a rune.
func appendRunes(dst []rune, s string) []rune {
	dst = slices.Grow(dst, len(s))
	ascii := dst[len(dst) : len(dst)+len(s)]
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			dst = dst[:len(dst)+i]
			for _, r := range s[i:] {
				dst = append(dst, r)
			}
			return dst
		}
		ascii[i] = rune(s[i])
	}
	return dst[:len(dst)+len(s)]
}

// offsetter turns rune indexes into byte offsets, fast when they don't go back far.
type offsetter struct {
	text  string
	ascii bool
	runes int
	bytes int
}

func (o *offsetter) byte(index int) int {
	if o.ascii {
		return index
	}
	for o.runes < index {
		_, size := utf8.DecodeRuneInString(o.text[o.bytes:])
		o.bytes += size
		o.runes++
	}
	for o.runes > index {
		_, size := utf8.DecodeLastRuneInString(o.text[:o.bytes])
		o.bytes -= size
		o.runes--
	}
	return o.bytes
}

// Replace is text.replace(re, replacement), for all matches or only the first.
// $1, $&, $<name>, $$ … in the replacement mean what they mean in JavaScript.
func (re *Regexp) Replace(text, replacement string, all bool) (string, error) {
	var b strings.Builder
	last := 0
	err := re.Each(text, func(m *Match) bool {
		b.WriteString(text[last:m.Start])
		re.expand(&b, replacement, m)
		last = m.End
		return all
	})
	b.WriteString(text[last:])
	return b.String(), err
}

func (re *Regexp) expand(b *strings.Builder, replacement string, m *Match) {
	for {
		i := strings.IndexByte(replacement, '$')
		if i < 0 || i == len(replacement)-1 {
			b.WriteString(replacement)
			return
		}
		b.WriteString(replacement[:i])
		used := re.expandOne(b, replacement[i:], m)
		replacement = replacement[i+used:]
	}
}

// expandOne writes what the reference at the front of s stands for and gives its
// length. What is no reference stands for itself.
func (re *Regexp) expandOne(b *strings.Builder, s string, m *Match) int {
	switch c := s[1]; {
	case c == '$':
		b.WriteByte('$')
		return 2
	case c == '&':
		b.WriteString(m.Text[m.Start:m.End])
		return 2
	case c == '`':
		b.WriteString(m.Text[:m.Start])
		return 2
	case c == '\'':
		b.WriteString(m.Text[m.End:])
		return 2
	case c >= '0' && c <= '9':
		if n, used := groupNumber(s[1:], m.Groups()); n > 0 {
			group, _ := m.Group(n)
			b.WriteString(group)
			return 1 + used
		}
	case c == '<' && len(re.names) > 0:
		if end := strings.IndexByte(s, '>'); end > 0 {
			group, _ := m.Group(re.names[s[2:end]])
			b.WriteString(group)
			return end + 1
		}
	}
	b.WriteByte('$')
	return 1
}

// groupNumber reads one or two digits as the number of an existing group.
func groupNumber(s string, groups int) (n, used int) {
	two := 0
	for i := range min(2, len(s)) {
		if s[i] < '0' || s[i] > '9' {
			break
		}
		two = two*10 + int(s[i]-'0')
		if two > 0 && two <= groups {
			n, used = two, i+1
		}
	}
	return n, used
}

// utf16Index is the offset of byte offset at, counted as JavaScript does.
func utf16Index(text string, at int) float64 {
	return float64(message.StringLength(text[:at]))
}
