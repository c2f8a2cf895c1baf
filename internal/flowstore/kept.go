package flowstore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"

	"toban/internal/message"
)

// kept is what the credentials' file holds. While a deploy goes from one flow
// file to the next it holds both files' credentials: two files can't be replaced
// in one step, and a node's new password must not go to the host that it had
// before.
type kept struct {
	now   secrets
	under *deploying // nil: no deploy was under way
}

// deploying is a deploy that had not ended.
type deploying struct {
	from, to string  // the sums of both flow files
	before   secrets // the credentials of the first one
}

// deployingKey stands among the node ids and is none.
const deployingKey = "$deploying"

// sum names a flow file by its bytes; no file has the name "".
func sum(text []byte) string {
	if text == nil {
		return ""
	}
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// fitting gives the credentials of the flow file that is there. If somebody has
// edited it after a cut in the middle of a deploy, it may be of either side.
func (k kept) fitting(flows []byte) secrets {
	switch there := sum(flows); {
	case k.under == nil || there == k.under.to:
		return k.now
	case there == k.under.from:
		return k.under.before
	}
	all := maps.Clone(k.under.before)
	maps.Copy(all, k.now)
	return all
}

func decode(plain []byte) (k kept, err error) {
	k.now = secrets{}
	if plain == nil {
		return k, nil
	}
	v, err := message.ParseJSON(string(plain))
	if err != nil {
		return k, err
	}
	obj, ok := v.(*message.Object)
	if !ok {
		return k, errors.New("no object")
	}
	k.now = secretsOf(obj)
	if under, ok := obj.Get(deployingKey).(*message.Object); ok {
		before, _ := under.Get("before").(*message.Object)
		if before == nil {
			before = message.NewObject()
		}
		k.under = &deploying{from: under.Text("from"), to: under.Text("to"), before: secretsOf(before)}
	}
	return k, nil
}

func secretsOf(obj *message.Object) secrets {
	all := secrets{}
	for id, creds := range obj.All() {
		if creds, ok := creds.(*message.Object); ok && id != deployingKey {
			all[id] = creds
		}
	}
	return all
}

func (k kept) encode() []byte {
	obj := k.now.object()
	if u := k.under; u != nil {
		obj = obj.With(deployingKey, message.NewObject("from", u.from, "to", u.to, "before", u.before.object()))
	}
	return message.AppendJSON(nil, obj)
}

func (s secrets) object() *message.Object {
	b := message.NewBuilder(len(s))
	for _, id := range slices.Sorted(maps.Keys(s)) {
		if id != deployingKey {
			b.Set(id, s[id])
		}
	}
	return b.Object()
}

func (s secrets) equal(other secrets) bool {
	return maps.EqualFunc(s, other, func(a, b *message.Object) bool { return message.Equal(a, b) })
}
