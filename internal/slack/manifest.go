package slack

import (
	"toban/internal/locale"
	"toban/internal/message"
)

// scope is a permission of the bot token and what it is for.
type scope struct {
	name string
	// need says that nothing works without it; the others make something better.
	need bool
}

// scopes are what the app asks for. chat:write.public saves inviting the bot to
// public channels; the history scopes let us see after a crash whether a message
// was posted.
var scopes = []scope{
	{"chat:write", true},
	{"chat:write.public", false},
	{"channels:read", true},
	{"groups:read", false},
	{"channels:history", false},
	{"groups:history", false},
	{"users:read", true},
}

// Manifest is the Slack app manifest to paste at api.slack.com/apps → Create New
// App → From a manifest: JSON, Socket Mode and interactivity on. The fields and
// their limits are those of docs.slack.dev/reference/app-manifest.
func Manifest(lang locale.Lang) string {
	names := make([]message.Value, len(scopes))
	for i, s := range scopes {
		names[i] = s.name
	}
	manifest := message.NewObject(
		"display_information", message.NewObject(
			"name", lang.Text("slack.app_name"),
			"description", lang.Text("slack.app_description"),
			"background_color", "#1f3a5f"),
		"features", message.NewObject(
			"bot_user", message.NewObject("display_name", "toban", "always_online", true)),
		"oauth_config", message.NewObject(
			"scopes", message.NewObject("bot", message.NewArray(names...))),
		"settings", message.NewObject(
			"interactivity", message.NewObject("is_enabled", true),
			"org_deploy_enabled", false,
			"socket_mode_enabled", true,
			"token_rotation_enabled", false))
	text, _ := message.Stringify(manifest, 2)
	return text + "\n"
}
