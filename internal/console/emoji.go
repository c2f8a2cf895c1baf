package console

import "strings"

// emoji are the names that operations messages use most; others stay as they are written.
var emoji = strings.NewReplacer(
	":white_check_mark:", "✅", ":heavy_check_mark:", "✔️", ":x:", "❌", ":warning:", "⚠️", ":rotating_light:", "🚨",
	":information_source:", "ℹ️", ":question:", "❓", ":exclamation:", "❗", ":bell:", "🔔", ":fire:", "🔥", ":tada:", "🎉",
	":hourglass:", "⌛", ":mag:", "🔍", ":lock:", "🔒", ":memo:", "📝", ":eyes:", "👀", ":red_circle:", "🔴", ":robot_face:", "🤖",
)
