package server

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOwnPath: a link to the sign-in page leads nowhere else.
func TestOwnPath(t *testing.T) {
	for to, want := range map[string]string{
		"/": "/", "/runs/06a1?x=1#step-3": "/runs/06a1?x=1#step-3", "/flows?a=//b": "/flows?a=//b",
		"": "/", "runs": "/", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "\\\\evil.example": "/",
		"/\t/evil.example": "/", "/\r\nSet-Cookie: a=b": "/", "javascript:alert(1)": "/", "///evil.example": "/", " /runs": "/", "/%zz": "/",
		"/login?to=/login": "/", "/auth/logout": "/", "/auth/setup?token=x": "/",
	} {
		if got := ownPath(to); got != want {
			t.Errorf("%q leads to %q, not to %q", to, got, want)
		}
	}
}

// TestFlowsDontSeeTheSession: a flow's own cookies pass, ours doesn't.
func TestFlowsDontSeeTheSession(t *testing.T) {
	for _, c := range []struct{ sent, seen []string }{
		{[]string{"a=1; toban_session=x; b=1"}, []string{"a=1; b=1"}},
		{[]string{"toban_session=x"}, nil},
		{[]string{"toban_session=x; a=\"q 1\""}, []string{`a="q 1"`}},
		{[]string{"toban_session=x", "a=1;toban_session=y"}, []string{"a=1"}},
		{[]string{"a=toban_session; toban_session2=1"}, []string{"a=toban_session; toban_session2=1"}},
		{[]string{"odd value=ü;; x"}, []string{"odd value=ü;; x"}},
		{nil, nil},
	} {
		r := httptest.NewRequest("GET", "/hook", nil)
		r.Header["Cookie"] = slices.Clone(c.sent)
		if diff := cmp.Diff(c.seen, withoutCookie(r).Header["Cookie"]); diff != "" {
			t.Errorf("%q: %s", c.sent, diff)
		}
		if !slices.Equal(r.Header["Cookie"], c.sent) {
			t.Error("the request itself has changed")
		}
	}
}
