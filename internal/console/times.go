package console

import (
	"fmt"
	"time"

	"toban/internal/locale"
)

// moment is a point in time as a page shows it: the clock, and how long ago.
type moment struct {
	ISO, Clock, Full, Ago string
	Zoned                 string // the clock with its zone
}

// at shows a time in the server's zone, the date only where it isn't today.
func (l *look) at(t time.Time) moment {
	local, today := t.In(l.cfg.Zone), l.now.In(l.cfg.Zone)
	clock := local.Format("15:04")
	if local.Format(time.DateOnly) != today.Format(time.DateOnly) {
		clock = l.date(local, local.Year() != today.Year()) + " " + clock
	}
	return moment{ISO: iso(t), Clock: clock, Full: local.Format("2006-01-02 15:04:05 MST"), Ago: l.ago(t), Zoned: clock + local.Format(" MST")}
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

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// countdown is how long it still is until a time, in words of a kind: left, of a
// deadline; in, of what goes on by itself. A script keeps it true.
type countdown struct{ ISO, Kind, Text string }

// left is how long it still is until a deadline.
func (l *look) left(deadline time.Time) *countdown { return l.until("left", deadline) }

func (l *look) until(kind string, t time.Time) *countdown {
	c := &countdown{ISO: iso(t), Kind: kind}
	switch d := t.Sub(l.now); {
	case d <= 0:
		c.Text = l.text("console." + kind + "_over")
	case d < time.Minute:
		c.Text = l.text("console." + kind + "_less")
	default:
		c.Text = l.text("console."+kind, "time", locale.Duration(d.Truncate(time.Minute)))
	}
	return c
}

// clock is what a page says about its times.
type clock struct{ Zone, Now string }

func (l *look) clock() clock { return clock{l.zone(), iso(l.now)} }

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
