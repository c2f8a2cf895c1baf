package message

import (
	"math"
	"time"
)

// maxDate is the last millisecond that a JavaScript Date can hold.
const maxDate = 8.64e15

// String is Date.prototype.toString in the zone of the process.
func (d Date) String() string {
	t, ok := d.Time()
	if !ok {
		return "Invalid Date"
	}
	t = t.Local()
	name, offset := t.Zone()
	if offset == 0 {
		name = "Coordinated Universal Time"
	}
	return t.Format("Mon Jan 02 2006 15:04:05 GMT-0700") + " (" + name + ")"
}

// ISO is Date.prototype.toISOString, "" for an invalid date.
func (d Date) ISO() string {
	t, ok := d.Time()
	if !ok {
		return ""
	}
	if y := t.Year(); y < 0 || y > 9999 {
		return isoExpanded(t)
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// isoExpanded writes the years that need a sign and six digits.
func isoExpanded(t time.Time) string {
	y, sign := t.Year(), byte('+')
	if y < 0 {
		y, sign = -y, '-'
	}
	digits := make([]byte, 0, 7)
	digits = append(digits, sign)
	for div := 100000; div > 0; div /= 10 {
		digits = append(digits, byte('0'+y/div%10))
	}
	return string(digits) + t.Format("-01-02T15:04:05.000Z")
}

func validDate(ms float64) bool { return !math.IsNaN(ms) && math.Abs(ms) <= maxDate }
