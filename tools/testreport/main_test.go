package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
		code           int
	}{
		{"passes", `{"Action":"output","Package":"p","Test":"T","Output":"=== RUN   T\n"}
{"Action":"pass","Package":"p","Test":"T"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}`, "ok  \tp\t0.1s\n\n1 passed, 0 failed, 0 skipped\n", 0},
		{"fails", `{"Action":"output","Package":"p","Test":"T","Output":"    t.go:1: bad\n"}
{"Action":"fail","Package":"p","Test":"T"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}`, "    t.go:1: bad\nFAIL\tp\t0.1s\n\n0 passed, 1 failed, 0 skipped\n", 1},
		{"skips with a reason", `{"Action":"pass","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"T","Output":"=== RUN   T\n"}
{"Action":"output","Package":"p","Test":"T","Output":"    t.go:1: no dovecot here\n"}
{"Action":"skip","Package":"p","Test":"T"}`, "\nskipped:\n  p T: t.go:1: no dovecot here\n\n1 passed, 0 failed, 1 skipped\n", 0},
		{"does not build", `{"Action":"build-output","ImportPath":"p","Output":"p.go:1: syntax error\n"}
{"Action":"fail","Package":"p"}`, "p.go:1: syntax error\n\n0 passed, 0 failed, 0 skipped\n", 1},
		{"runs nothing", ``, "\n0 passed, 0 failed, 0 skipped\n", 1},
	} {
		var out strings.Builder
		code := report(strings.NewReader(tc.in), &out)
		if out.String() != tc.want || code != tc.code {
			t.Errorf("%s: exit code %d, printed\n%q\nwant %d and\n%q", tc.name, code, out.String(), tc.code, tc.want)
		}
	}
}
