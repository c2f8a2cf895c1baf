package slackask

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
)

// defaultTimeout ends a question that sets no time: every question ends.
const defaultTimeout = 24 * time.Hour

// units are Node-RED's names of time units.
var units = map[string]time.Duration{
	"milliseconds": time.Millisecond, "seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour,
}

func duration(timeout, unit string) (time.Duration, error) {
	one, ok := units[cmp.Or(unit, "minutes")]
	if !ok {
		return 0, locale.Errorf("slack-ask.bad_units", "units", unit)
	}
	timeout = strings.TrimSpace(timeout)
	if timeout == "" {
		return defaultTimeout, nil
	}
	n, err := strconv.ParseFloat(timeout, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n*float64(one) > math.MaxInt64/2 {
		return 0, locale.Errorf("slack-ask.bad_timeout", "timeout", timeout)
	}
	if d := time.Duration(n * float64(one)); d > 0 {
		return d, nil
	}
	return defaultTimeout, nil
}

var memberID = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// memberIDs reads a list of Slack member ids: an array, or a text that separates
// them by commas or white space.
func memberIDs(v message.Value) ([]string, error) {
	var ids []string
	switch v := v.(type) {
	case *message.Array:
		for _, item := range v.All() {
			ids = append(ids, strings.TrimSpace(message.ToString(item)))
		}
	case string:
		ids = strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" ,;、\t\n", r) })
	}
	for _, id := range ids {
		if !memberID.MatchString(id) {
			return nil, locale.Errorf("slack-ask.bad_approver", "approver", id)
		}
	}
	return ids, nil
}
