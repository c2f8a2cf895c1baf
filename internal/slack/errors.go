package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"

	slackgo "github.com/slack-go/slack"

	"toban/internal/locale"
)

// mends are the refusals of Slack that have a text of their own, which says what
// to do.
var mends = map[string]string{
	"not_in_channel":         "slack.not_in_channel",
	"channel_not_found":      "slack.channel_not_found",
	"is_archived":            "slack.is_archived",
	"missing_scope":          "slack.missing_scope",
	"invalid_auth":           "slack.invalid_auth",
	"not_authed":             "slack.not_authed",
	"token_revoked":          "slack.token_revoked",
	"token_expired":          "slack.token_expired",
	"account_inactive":       "slack.account_inactive",
	"not_allowed_token_type": "slack.not_allowed_token_type",
	"msg_too_long":           "slack.msg_too_long",
	"msg_blocks_too_long":    "slack.msg_blocks_too_long",
	"invalid_blocks":         "slack.invalid_blocks",
	"too_many_websockets":    "slack.too_many_websockets",
	"restricted_action":      "slack.restricted_action",
	"ratelimited":            "slack.ratelimited",
	"no_text":                "slack.no_text",
}

// refusedTokens are the codes that say that a token will not work until a person
// has done something.
var refusedTokens = map[string]bool{
	"invalid_auth": true, "not_authed": true, "token_revoked": true, "token_expired": true,
	"account_inactive": true, "not_allowed_token_type": true,
}

// code gives the code of a refusal by Slack, "" if err is none.
func code(err error) string {
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return refused.Err
	}
	return ""
}

// RefusedToken reports whether err says that Slack doesn't accept the token.
func RefusedToken(err error) bool { return refusedTokens[code(err)] }

// explain makes an error of the Slack library one for the person on duty.
func explain(err error, channel string) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, done := errors.AsType[*locale.Error](err); done {
		return err
	}
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return explainRefusal(refused, channel).Because(err)
	}
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return locale.Errorf("slack.ratelimited", "seconds", int(limited.RetryAfter.Seconds())).Because(err)
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok {
		return locale.Errorf("slack.http", "status", status.Code, "reason", http.StatusText(status.Code)).Because(err)
	}
	return locale.Errorf("slack.unreachable").Because(plainCause(err))
}

func explainRefusal(r slackgo.SlackErrorResponse, channel string) *locale.Error {
	detail := strings.Join(r.ResponseMetadata.Messages, "; ")
	key, known := mends[r.Err]
	if !known {
		return locale.Errorf("slack.refused", "code", r.Err, "channel", channel, "detail", detail)
	}
	return locale.Errorf(key, "channel", strings.TrimPrefix(channel, "#"), "needed", r.Needed, "provided", r.Provided,
		"detail", detail, "seconds", "?")
}

// plainCause drops the request line from a transport error, which would repeat the URL.
func plainCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
