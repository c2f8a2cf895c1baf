package auth

// Action is what somebody wants to do. The zero value is what the fewest may.
type Action int

// The actions, from the one that asks for most trust to the one that asks for least.
const (
	Manage  Action = iota // look after the server itself: its users
	Edit                  // change and deploy flows
	Operate               // answer, cancel, inject, rehearse
	View                  // look
)

// Role is what a user is trusted with.
type Role string

// The roles.
const (
	Admin  Role = "admin"
	Viewer Role = "viewer"
)

// Roles lists the roles, the most trusted one first.
func Roles() []Role { return []Role{Admin, Viewer} }

// May decides whether the role allows an action. It is the only place that does.
func (r Role) May(a Action) bool {
	switch r {
	case Admin:
		return true
	case Viewer:
		return a == View
	default:
		return false
	}
}
