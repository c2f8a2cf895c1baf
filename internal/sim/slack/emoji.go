package slack

import "strings"

// emoji are the short names that cards and the examples use; Slack knows
// thousands, any other name stands as it was written.
var emoji = strings.NewReplacer(
	":alarm_clock:", "⏰", ":bell:", "🔔", ":busts_in_silhouette:", "👥", ":hourglass:", "⌛",
	":no_entry_sign:", "🚫", ":rotating_light:", "🚨", ":warning:", "⚠️", ":white_check_mark:", "✅",
)
