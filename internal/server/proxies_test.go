package server

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestProxies: the word of a proxy counts, and only the part that proxies have written;
// without a list, proxies run on this machine.
func TestProxies(t *testing.T) {
	listed := Proxies{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8:1::/48")}
	for _, c := range []struct {
		proxies                Proxies
		peer, proto, forwarded string
		encrypted              bool
		remote                 string
	}{
		{nil, "127.0.0.1:5", "https", "203.0.113.9", true, "203.0.113.9"},
		{nil, "[::1]:5", "https", "10.0.0.1, 203.0.113.9", true, "203.0.113.9"},
		{nil, "127.0.0.1:5", "http", "", false, "127.0.0.1"},
		{nil, "127.0.0.1:5", "", "nonsense", false, "127.0.0.1"},
		{nil, "198.51.100.7:5", "https", "203.0.113.9", false, "198.51.100.7"},
		{nil, "10.1.2.3:5", "https", "203.0.113.9", false, "10.1.2.3"},
		{nil, "[2001:db8::1]:5", "", "", false, "2001:db8::1"},

		{listed, "10.1.2.3:5", "https", "203.0.113.9", true, "203.0.113.9"},
		{listed, "[::ffff:10.1.2.3]:5", "https", "203.0.113.9", true, "203.0.113.9"},
		{listed, "[2001:db8:1::5]:5", "https", "2001:db8:2::9", true, "2001:db8:2::9"},
		{listed, "127.0.0.1:5", "https", "203.0.113.9", true, "203.0.113.9"},
		{listed, "10.2.0.1:5", "https", "203.0.113.9", false, "10.2.0.1"},
		{listed, "10.1.2.3:5", "", "1.2.3.4, 203.0.113.9", false, "203.0.113.9"},
		{listed, "10.1.2.3:5", "", "10.1.9.9, 203.0.113.9, 192.0.2.7", false, "203.0.113.9"},
		{listed, "10.1.2.3:5", "", "10.1.9.9, 192.0.2.7", false, "10.1.9.9"},
		{listed, "10.1.2.3:5", "", "203.0.113.9:4711, [2001:db8:1::5]:80", false, "203.0.113.9"},
		{listed, "10.1.2.3:5", "", "203.0.113.9, unknown", false, "10.1.2.3"},
		{listed, "10.1.2.3:5", "", "203.0.113.9, unknown, 192.0.2.7", false, "192.0.2.7"},
		{listed, "10.1.2.3:5", "", ",,", false, "10.1.2.3"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.Header.Set("X-Forwarded-For", c.forwarded)
		if p := c.proxies; p.encrypted(r) != c.encrypted || p.remote(r).String() != c.remote {
			t.Errorf("%+v: encrypted %v, from %s", c, p.encrypted(r), p.remote(r))
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr, r.TLS = "198.51.100.7:5", &tls.ConnectionState{}
	if !Proxies(nil).encrypted(r) {
		t.Error("TLS isn't seen")
	}
	r = httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "10.1.2.3:5"
	r.Header["X-Forwarded-For"] = []string{"203.0.113.9", "192.0.2.7"} // two lines are one list
	if got := listed.remote(r).String(); got != "203.0.113.9" {
		t.Errorf("two lines: from %s", got)
	}
}
