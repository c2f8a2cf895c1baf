package delay

import (
	"time"

	"toban/internal/message"
)

// Node is a delay or a rate limit, as pauseType says.
type Node struct {
	PauseType string `flow:"pauseType" default:"delay"`

	Timeout      float64 `flow:"timeout" default:"5"`
	TimeoutUnits string  `flow:"timeoutUnits" default:"seconds"`

	RandomFirst float64 `flow:"randomFirst" default:"1"`
	RandomLast  float64 `flow:"randomLast" default:"5"`
	RandomUnits string  `flow:"randomUnits" default:"seconds"`

	Rate        float64 `flow:"rate" default:"1"` // messages per …
	NbRateUnits float64 `flow:"nbRateUnits" default:"1"`
	RateUnits   string  `flow:"rateUnits" default:"second"`
	Drop        bool    `flow:"drop"`
	AllowRate   bool    `flow:"allowrate"` // msg.rate may change the rate
	Outputs     int     `flow:"outputs" default:"1"`

	mode mode
}

// The lengths of the units that the editor offers; others are seconds.
var units = map[string]time.Duration{
	"milliseconds": time.Millisecond,
	"minutes":      time.Minute, "minute": time.Minute,
	"hours": time.Hour, "hour": time.Hour,
	"days": 24 * time.Hour, "day": 24 * time.Hour,
}

// longest is what a duration is cut to; time.Duration ends after 292 years.
const longest = 100 * 365 * 24 * time.Hour

// duration is n units, never negative.
func duration(n float64, unit string) time.Duration {
	u, ok := units[unit]
	if !ok {
		u = time.Second
	}
	return bounded(n * float64(u))
}

func bounded(nanoseconds float64) time.Duration {
	if !(nanoseconds > 0) { // NaN too
		return 0
	}
	return time.Duration(min(nanoseconds, float64(longest)))
}

// period is the time in which Rate messages may pass.
func (n *Node) period() time.Duration {
	count := n.NbRateUnits
	if !(count > 0) {
		count = 1
	}
	return duration(count, n.RateUnits)
}

// shortest is what an interval is at least, as setInterval has it.
const shortest = time.Millisecond

// interval is the time between two messages.
func (n *Node) interval() time.Duration {
	return max(shortest, bounded(float64(n.period())/n.Rate))
}

// asked gives the milliseconds that a property of msg holds, as JavaScript's
// parseFloat reads them.
func asked(msg *message.Object, property string) (time.Duration, bool) {
	v, present := msg.Lookup(property)
	if !present {
		return 0, false
	}
	ms, ok := parseFloat(v)
	return bounded(ms * float64(time.Millisecond)), ok
}
