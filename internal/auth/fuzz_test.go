package auth

import (
	"encoding/json"
	"testing"
)

// FuzzUsers: whatever stands in the file, what is taken can be written and read
// again, and nobody in it is more than a role of ours.
func FuzzUsers(f *testing.F) {
	f.Add([]byte(`{"users":[{"name":"admin","role":"admin","hash":"` + newHash("x").String() + `","stamp":"00"},{"name":"b","role":"viewer","stamp":"1"}]}`))
	f.Add([]byte(`{"users":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := parseUsers(data)
		if err != nil {
			return
		}
		for _, u := range list {
			if checkName(u.Name) != nil || checkRole(u.Role) != nil || u.Stamp == "" {
				t.Fatalf("took %+v", u)
			}
		}
		again, err := json.Marshal(usersContent{list})
		if err != nil {
			t.Fatal(err)
		}
		if read, err := parseUsers(again); err != nil || len(read) != len(list) {
			t.Fatalf("written and read: %v", err)
		}
	})
}

// FuzzSessions: the same for sessions; each has its user.
func FuzzSessions(f *testing.F) {
	key, _ := sum{1}.MarshalText()
	f.Add([]byte(`{"sessions":{"` + string(key) + `":{"user":"admin","stamp":"0","until":"2026-11-24T00:00:00Z"}}}`))
	f.Add([]byte(`{"sessions":{"00":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		open, err := parseSessions(data)
		if err != nil {
			return
		}
		for _, x := range open {
			if x == nil || x.User == "" || x.own {
				t.Fatalf("took %+v", x)
			}
		}
		if _, err := (&sessions{open: open}).encode(); err != nil {
			t.Fatal(err)
		}
	})
}
