package expr

import (
	"time"

	"toban/internal/message"
)

// compileDate prepares the type date: "" is the milliseconds, "object" a Date,
// "iso" an ISO text, anything else a format of moment.js in English.
func compileDate(format string) (func(Vars, message.Value) (message.Value, error), error) {
	var write func(now time.Time) message.Value
	switch format {
	case "":
		write = func(now time.Time) message.Value { return float64(now.UnixMilli()) }
	case "object":
		write = func(now time.Time) message.Value { return message.DateOf(now) }
	case "iso":
		write = func(now time.Time) message.Value { return message.DateOf(now).ISO() }
	default:
		layout, err := parseMoment(format)
		if err != nil {
			return nil, err
		}
		write = func(now time.Time) message.Value { return layout.format(now) }
	}
	return func(vars Vars, _ message.Value) (message.Value, error) {
		return write(vars.Now().In(vars.Zone())), nil
	}, nil
}
