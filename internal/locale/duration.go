package locale

import (
	"fmt"
	"strings"
	"time"
)

// Duration is a length of time as people write it: "1 h 30 min", 1 時間 30 分.
// Parts of a second are left out unless there is nothing else.
type Duration time.Duration

var durationUnits = []struct {
	size   time.Duration
	en, ja string
}{
	{24 * time.Hour, " d", " 日"}, {time.Hour, " h", " 時間"}, {time.Minute, " min", " 分"}, {time.Second, " s", " 秒"},
}

// In gives the text in a language.
func (d Duration) In(lang Lang) string {
	left := time.Duration(d)
	if left < time.Second {
		return left.String()
	}
	var parts []string
	for _, u := range durationUnits {
		n := left / u.size
		left %= u.size
		if n == 0 {
			continue
		}
		unit := u.en
		if lang == JA {
			unit = u.ja
		}
		parts = append(parts, fmt.Sprint(int64(n), unit))
	}
	return strings.Join(parts, " ")
}
