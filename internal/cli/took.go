package cli

import (
	"math"
	"strconv"
	"time"

	"toban/internal/locale"
)

// brief is how long something took, short enough for a column: in its two largest
// units, and in tenths of a second only below ten.
func brief(lang locale.Lang, d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return lang.Text("cli.time_short")
	case d < time.Second:
		return lang.Text("cli.time_ms", "n", d.Milliseconds())
	case d < time.Minute:
		return lang.Text("cli.time_s", "n", seconds(d))
	case d < time.Hour:
		return lang.Text("cli.time_min", "m", int(d.Minutes()), "s", int(d.Seconds())%60)
	default:
		return lang.Text("cli.time_h", "h", int(d.Hours()), "m", int(d.Minutes())%60)
	}
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return strconv.FormatFloat(math.Trunc(d.Seconds()*10)/10, 'f', -1, 64)
	}
	return strconv.Itoa(int(d.Seconds()))
}

// left is how long it still is until a deadline, in whole minutes where that is enough.
func left(lang locale.Lang, d time.Duration) string {
	switch {
	case d < time.Second:
		return lang.Text("cli.time_over")
	case d >= time.Minute:
		d = d.Truncate(time.Minute)
	default:
		d = d.Truncate(time.Second)
	}
	return lang.Text("cli.time_left", "time", locale.Duration(d))
}
