package auth

import "context"

// Person is who makes a request. The zero Person is nobody, who may nothing.
type Person struct {
	Name string
	Role Role
}

// Known reports whether it is somebody.
func (p Person) Known() bool { return p.Name != "" }

type personKey struct{}

// With gives a context whose requests are this person's.
func With(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

// PersonFrom gives who makes the request of a context; the zero Person if
// nobody has signed in.
func PersonFrom(ctx context.Context) Person {
	p, _ := ctx.Value(personKey{}).(Person)
	return p
}
