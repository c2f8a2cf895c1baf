package history

import (
	"slices"
	"strings"
)

// telling are parts of the names of headers that let somebody in.
var telling = []string{"authorization", "cookie", "token", "secret", "signature", "password", "credential", "api-key", "apikey", "-key", "jwt", "assertion"}

// harmless are headers that only sound like it.
var harmless = []string{"sec-websocket-key", "idempotency-key", "x-idempotency-key"}

// secret reports whether the value under a name is one. Among headers each name
// counts. Elsewhere a header can stand only if a flow has moved it there, so a name
// must look like one's: "token" alone is often a word of the flow's own.
func secret(name string, at place) bool {
	switch at {
	case cookies:
		return true
	case cookie:
		return name == "value"
	}
	name = strings.ToLower(name)
	if at == anywhere && !strings.Contains(name, "-") {
		return name == "authorization" || name == "cookie"
	}
	return !slices.Contains(harmless, name) && slices.ContainsFunc(telling, func(part string) bool { return strings.Contains(name, part) })
}
