package slack

import (
	"cmp"
	"maps"
	"slices"
)

func (w *Workspace) authTest(request) (reply, error) {
	return reply{
		"url": "https://" + w.cfg.TeamDomain + ".slack.com/", "team": w.cfg.TeamName, "user": w.users[BotUserID].Name,
		"team_id": w.cfg.TeamID, "user_id": BotUserID, "bot_id": BotID, "is_enterprise_install": false,
	}, nil
}

func (w *Workspace) teamInfo(request) (reply, error) {
	return reply{"team": map[string]any{
		"id": w.cfg.TeamID, "name": w.cfg.TeamName, "domain": w.cfg.TeamDomain, "icon": map[string]any{},
	}}, nil
}

func (w *Workspace) usersInfo(q request) (reply, error) {
	u, ok := w.users[q.Get("user")]
	if !ok {
		return nil, refuse("user_not_found")
	}
	return reply{"user": userObject(u, q.Get("include_locale") == "true")}, nil
}

func (w *Workspace) usersList(q request) (reply, error) {
	var all []any
	for _, u := range slices.SortedFunc(maps.Values(w.users), func(a, b User) int { return cmp.Compare(a.ID, b.ID) }) {
		all = append(all, userObject(u, q.Get("include_locale") == "true"))
	}
	items, next := paged(all, q)
	return reply{"members": items, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func userObject(u User, locale bool) map[string]any {
	o := map[string]any{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted,
		"is_bot": u.Bot, "is_restricted": u.Guest, "is_ultra_restricted": false,
		"profile": map[string]any{"real_name": u.RealName, "display_name": u.RealName},
	}
	if locale {
		o["locale"] = u.Locale
	}
	return o
}
