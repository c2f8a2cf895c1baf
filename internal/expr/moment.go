package expr

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"toban/internal/locale"
)

// momentFormat is a date format of moment.js: literal texts and fields.
type momentFormat []func(t time.Time) string

// momentFields are the fields of moment.js that are known here, in English.
var momentFields = map[string]func(t time.Time) string{
	"YYYY": layout("2006"), "YY": layout("06"), "Y": func(t time.Time) string { return strconv.Itoa(t.Year()) },
	"M": layout("1"), "MM": layout("01"), "MMM": layout("Jan"), "MMMM": layout("January"),
	"Mo": func(t time.Time) string { return ordinal(int(t.Month())) },
	"D":  layout("2"), "DD": layout("02"), "Do": func(t time.Time) string { return ordinal(t.Day()) },
	"DDD": func(t time.Time) string { return strconv.Itoa(t.YearDay()) }, "DDDD": layout("002"),
	"d":  func(t time.Time) string { return strconv.Itoa(int(t.Weekday())) },
	"dd": func(t time.Time) string { return t.Format("Mon")[:2] }, "ddd": layout("Mon"), "dddd": layout("Monday"),
	"E": func(t time.Time) string { return strconv.Itoa((int(t.Weekday())+6)%7 + 1) },
	"Q": func(t time.Time) string { return strconv.Itoa((int(t.Month())-1)/3 + 1) },
	"W": func(t time.Time) string { _, w := t.ISOWeek(); return strconv.Itoa(w) }, "WW": func(t time.Time) string { _, w := t.ISOWeek(); return pad(w, 2) },
	"GGGG": func(t time.Time) string { y, _ := t.ISOWeek(); return pad(y, 4) },
	"H":    func(t time.Time) string { return strconv.Itoa(t.Hour()) }, "HH": layout("15"), "h": layout("3"), "hh": layout("03"),
	"k": func(t time.Time) string { return strconv.Itoa((t.Hour()+23)%24 + 1) }, "kk": func(t time.Time) string { return pad((t.Hour()+23)%24+1, 2) },
	"m": layout("4"), "mm": layout("04"), "s": layout("5"), "ss": layout("05"),
	"S": fraction(1), "SS": fraction(2), "SSS": fraction(3),
	"a": layout("pm"), "A": layout("PM"), "Z": layout("-07:00"), "ZZ": layout("-0700"),
	"X": func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }, "x": func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) },
	"LT": layout("3:04 PM"), "LTS": layout("3:04:05 PM"), "L": layout("01/02/2006"), "l": layout("1/2/2006"),
	"LL": layout("January 2, 2006"), "ll": layout("Jan 2, 2006"), "LLL": layout("January 2, 2006 3:04 PM"), "lll": layout("Jan 2, 2006 3:04 PM"),
	"LLLL": layout("Monday, January 2, 2006 3:04 PM"), "llll": layout("Mon, Jan 2, 2006 3:04 PM"),
}

// parseMoment compiles a format. Text in [brackets] and characters that are no
// letters stand for themselves; a field that isn't known is an error.
func parseMoment(format string) (momentFormat, error) {
	var out momentFormat
	for s := format; s != ""; {
		if end := strings.IndexByte(s, ']'); s[0] == '[' && end > 0 {
			out = append(out, literal(s[1:end]))
			s = s[end+1:]
			continue
		}
		n := fieldLength(s)
		if field, ok := momentFields[s[:n]]; ok {
			out = append(out, field)
		} else if isLetter(s[0]) {
			return nil, locale.Errorf("expr.value.date", "format", format)
		} else {
			out = append(out, literal(s[:n]))
		}
		s = s[n:]
	}
	return out, nil
}

// fieldLength is the length of the longest known field at the front of s, else of
// its run of one letter.
func fieldLength(s string) int {
	run := 1
	for run < len(s) && s[run] == s[0] {
		run++
	}
	for n := min(4, len(s)); n > 0; n-- {
		if _, ok := momentFields[s[:n]]; ok && n >= run {
			return n
		}
	}
	return run
}

func (f momentFormat) format(t time.Time) string {
	var b strings.Builder
	for _, field := range f {
		b.WriteString(field(t))
	}
	return b.String()
}

func layout(l string) func(time.Time) string { return func(t time.Time) string { return t.Format(l) } }

func literal(s string) func(time.Time) string { return func(time.Time) string { return s } }

func fraction(digits int) func(time.Time) string {
	return func(t time.Time) string { return fmt.Sprintf("%09d", t.Nanosecond())[:digits] }
}

func pad(n, width int) string { return fmt.Sprintf("%0*d", width, n) }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// ordinal is 1st, 2nd, 3rd, 4th …
func ordinal(n int) string {
	suffix := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
