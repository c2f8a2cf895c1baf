package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"

	slackgo "github.com/slack-go/slack"

	"toban/internal/locale"
)

// mends are the refusals of Slack that have a text of their own, "slack." + code.
// The text says what to do.
var mends = map[string]bool{
	"not_in_channel": true, "channel_not_found": true, "is_archived": true, "missing_scope": true,
	"invalid_auth": true, "not_authed": true, "token_revoked": true, "token_expired": true, "account_inactive": true,
	"not_allowed_token_type": true, "msg_too_long": true, "msg_blocks_too_long": true, "invalid_blocks": true,
	"too_many_websockets": true, "restricted_action": true, "ratelimited": true, "no_text": true,
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
	if !mends[r.Err] {
		return locale.Errorf("slack.refused", "code", r.Err, "channel", channel, "detail", detail)
	}
	return locale.Errorf("slack."+r.Err, "channel", strings.TrimPrefix(channel, "#"), "needed", r.Needed, "provided", r.Provided,
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
