package inject

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

const (
	maxRepeat        = 2147483 // seconds: JavaScript's longest timer
	defaultOnceDelay = 100 * time.Millisecond
)

// Run presses the button at the configured times.
func (in *Inject) Run(ctx context.Context, out node.Emitter) error {
	if in.Once {
		delay := defaultOnceDelay
		if in.OnceDelay > 0 {
			delay = seconds(in.OnceDelay)
		}
		if err := in.press(ctx, out, delay); err != nil {
			return ended(ctx, err)
		}
	}
	for next := in.env.Now(); ; {
		if next = in.next(next); next.IsZero() {
			<-ctx.Done()
			return nil
		}
		var err error
		if next, err = in.waitFor(ctx, next); err != nil {
			return ended(ctx, err)
		}
		if err := in.emit(ctx, out); err != nil {
			return ended(ctx, err)
		}
	}
}

// How a schedule follows the clock: it is looked at this often, and when it is
// put back by so much, the times since then come again, as they do with cron.
const (
	look    = 15 * time.Second
	putBack = 3 * time.Hour
)

// waitFor waits for the next time to press, also if the clock is set meanwhile or
// the machine sleeps, and gives the time that has come. An interval goes by the
// time that passes: setting the clock makes none longer.
func (in *Inject) waitFor(ctx context.Context, next time.Time) (time.Time, error) {
	if in.every > 0 {
		return next, in.pause(ctx, min(next.Sub(in.env.Now()), seconds(in.every)))
	}
	for last := in.env.Now(); ; {
		now := in.env.Now()
		if now.Before(last.Add(-putBack)) {
			next = in.schedule.Next(now.In(in.env.Zone()))
		}
		if last = now; !now.Before(next) {
			return next, nil
		}
		if err := in.pause(ctx, min(next.Sub(now), look)); err != nil {
			return next, err
		}
	}
}

// next gives the time after last at which to press, zero if there is none. Times
// that passed while the engine took no events are left out.
func (in *Inject) next(last time.Time) time.Time {
	now := in.env.Now()
	switch {
	case in.every > 0:
		next := last.Add(seconds(in.every))
		if next.Before(now) {
			next = now
		}
		return next
	case in.schedule != nil:
		return in.schedule.Next(later(last, now).In(in.env.Zone()))
	}
	return time.Time{}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// press waits for d and then begins a run.
func (in *Inject) press(ctx context.Context, out node.Emitter, d time.Duration) error {
	if err := in.pause(ctx, d); err != nil {
		return err
	}
	return in.emit(ctx, out)
}

// emit begins a run with an empty message to the node itself.
func (in *Inject) emit(ctx context.Context, out node.Emitter) error {
	_, err := out.Emit(ctx, node.Event{Title: in.env.Label(), Msg: message.NewObject(), Input: true})
	return err
}

func (in *Inject) pause(ctx context.Context, d time.Duration) error {
	due := make(chan struct{})
	cancel := in.env.After(max(d, 0), func() { close(due) })
	select {
	case <-ctx.Done():
		in.env.Do(cancel) // timers belong to the loop
		return ctx.Err()
	case <-due:
		return nil
	}
}

// ended makes the end of ctx no error.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

var cronParser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// parseCron reads a schedule of five fields, or of six with seconds in front.
func parseCron(text string) (cron.Schedule, error) {
	fields := strings.Fields(text)
	if n := len(fields); n > 1 {
		fields[n-1] = sundayIsZero(fields[n-1])
	}
	s, err := cronParser.Parse(strings.Join(fields, " "))
	if err != nil {
		return nil, locale.Errorf("inject.bad_cron", "crontab", text).Because(err)
	}
	return s, nil
}

// sundayIsZero writes weekday 7, which crontabs allow for Sunday, as 0.
func sundayIsZero(weekdays string) string {
	parts := strings.Split(weekdays, ",")
	for i, p := range parts {
		from, isRange := strings.CutSuffix(p, "-7")
		switch {
		case p == "7":
			parts[i] = "0"
		case isRange && from == "7":
			parts[i] = "0"
		case isRange && from == "0":
			parts[i] = "0-6"
		case isRange:
			parts[i] = from + "-6,0"
		}
	}
	return strings.Join(parts, ",")
}
