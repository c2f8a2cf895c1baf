package slack

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// interaction builds the payload of a click. w.mu is held.
func (w *Workspace) interaction(ch *channel, m *Message, b button, c Click) map[string]any {
	u := w.users[c.User]
	p := map[string]any{
		"team":         map[string]any{"id": w.cfg.TeamID, "domain": w.cfg.TeamDomain},
		"channel":      map[string]any{"id": ch.ID, "name": ch.Name},
		"token":        "sim-verification-token",
		"trigger_id":   w.newID("trigger."),
		"response_url": "https://hooks.slack.example/response/" + w.newID("r"),
		"enterprise":   nil, "is_enterprise_install": false, "api_app_id": w.cfg.AppID,
	}
	team := cmp.Or(c.Team, u.TeamID, w.cfg.TeamID)
	if b.legacy {
		return w.legacyInteraction(p, m, b, u, team)
	}
	p["type"] = "block_actions"
	p["user"] = map[string]any{"id": c.User, "username": u.Name, "name": u.Name, "team_id": team}
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": false}
	if b.attachment > 0 {
		container["type"] = "message_attachment"
		container["attachment_id"] = b.attachment
		container["is_app_unfurl"] = false
	}
	action := maps.Clone(b.action)
	delete(action, "confirm")
	action["block_id"] = b.blockID
	action["action_ts"] = w.nextTS()
	p["container"] = container
	p["message"] = m.clone()
	p["state"] = map[string]any{"values": map[string]any{}}
	p["actions"] = []any{action}
	return p
}

func (w *Workspace) legacyInteraction(p map[string]any, m *Message, b button, u User, team string) map[string]any {
	p["type"] = "interactive_message"
	p["callback_id"] = b.callback
	p["user"] = map[string]any{"id": u.ID, "name": u.Name, "team_id": team}
	p["actions"] = []any{map[string]any{"name": b.action["name"], "type": b.action["type"], "value": b.action["value"]}}
	p["action_ts"] = w.nextTS()
	p["message_ts"] = m.TS
	p["attachment_id"] = strconv.Itoa(b.attachment)
	p["is_app_unfurl"] = false
	p["original_message"] = m.clone()
	return p
}

// deliverHTTP posts an interaction to the app's request URL, signed.
func (w *Workspace) deliverHTTP(ctx context.Context, payload json.RawMessage) error {
	req, err := w.SignedRequest(ctx, w.cfg.RequestURL, payload)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ErrNoAck
	}
	_ = resp.Body.Close() // only the status counts
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: HTTP %d", ErrNoAck, resp.StatusCode)
	}
	return nil
}

// SignedRequest is the HTTP request by which Slack delivers an interaction.
func (w *Workspace) SignedRequest(ctx context.Context, to string, payload json.RawMessage) (*http.Request, error) {
	body := []byte(url.Values{"payload": {string(payload)}}.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(w.cfg.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(w.cfg.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return req, nil
}
