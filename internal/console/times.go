package console

import (
	"fmt"
	"time"

	"toban/internal/locale"
)

// moment is a point in time as a page shows it: the clock, and how long ago.
type moment struct{ ISO, Clock, Full, Ago string }

// at shows a time in the server's zone, the date only where it isn't today.
func (l *look) at(t time.Time) moment {
	local, today := t.In(l.cfg.Zone), l.now.In(l.cfg.Zone)
	clock := local.Format("15:04")
	if local.Format(time.DateOnly) != today.Format(time.DateOnly) {
		clock = l.date(local, local.Year() != today.Year()) + " " + clock
	}
	return moment{ISO: t.UTC().Format(time.RFC3339), Clock: clock, Full: local.Format("2006-01-02 15:04:05 MST"), Ago: l.ago(t)}
}

func (l *look) date(t time.Time, withYear bool) string {
	layout := "2 Jan"
	switch {
	case l.page.Lang == locale.JA && withYear:
		layout = "2006年1月2日"
	case l.page.Lang == locale.JA:
		layout = "1月2日"
	case withYear:
		layout = "2 Jan 2006"
	}
	return t.Format(layout)
}

// ago is how long ago a time was, in its largest unit.
func (l *look) ago(t time.Time) string {
	past := l.now.Sub(t)
	if past < time.Minute {
		return l.text("console.just_now")
	}
	return l.text("console.ago", "time", l.rough(past))
}

// left is how long it still is until a deadline.
func (l *look) left(deadline time.Time) string {
	d := deadline.Sub(l.now)
	switch {
	case d <= 0:
		return l.text("console.time_up")
	case d < time.Minute:
		return l.text("console.left_less")
	default:
		return l.text("console.left", "time", locale.Duration(d.Truncate(time.Minute)))
	}
}

// rough gives the largest unit only.
func (l *look) rough(d time.Duration) string {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if d >= unit {
			d = d.Truncate(unit)
			break
		}
	}
	return locale.Duration(d).In(l.page.Lang)
}

// took is how long something took, as exact as it helps.
func (l *look) took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return l.text("console.ms", "n", "<1")
	case d < time.Second:
		return l.text("console.ms", "n", d.Milliseconds())
	case d < time.Minute:
		return l.text("console.seconds", "n", fmt.Sprintf("%.1f", d.Seconds()))
	default:
		return locale.Duration(d.Round(time.Second)).In(l.page.Lang)
	}
}

// zone names the server's time zone.
func (l *look) zone() string { return l.now.In(l.cfg.Zone).Format("MST (UTC-07:00)") }

// size is a number of bytes as people write it.
func size(n int) string {
	const kilo = 1000
	switch {
	case n < kilo:
		return fmt.Sprintf("%d B", n)
	case n < kilo*kilo:
		return fmt.Sprintf("%.1f kB", float64(n)/kilo)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/(kilo*kilo))
	}
}
