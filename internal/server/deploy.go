package server

import (
	"errors"
	"net/http"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
)

// DeployOptions say how a file is deployed.
type DeployOptions struct {
	// Base is the revision that the file was made from; "" deploys in any case.
	Base string
	Mode flow.Mode
	// EndOpen lets the deploy end open questions of nodes that it deletes, and
	// messages that deleted or changed nodes hold. Otherwise such a deploy is
	// refused with *EndsOpen.
	EndOpen bool
}

// ErrVersion says that another revision is deployed than the one that a deploy
// was made from.
var ErrVersion = errors.New("another revision is deployed")

// EndsOpen refuses a deploy that would end open questions or held messages.
type EndsOpen struct{ Ends []engine.End }

// Error lists nothing: the answer does.
func (e *EndsOpen) Error() string { return locale.EN.Err(e.reason()) }

func (e *EndsOpen) reason() error {
	questions, held := 0, 0
	for _, end := range e.Ends {
		questions += end.Questions
		held += end.Held
	}
	return locale.Errorf("server.ends_open", "questions", questions, "held", held)
}

// endOpenHeader agrees to what EndsOpen refused.
const endOpenHeader = "Toban-End-Open"

func endsOpen(r *http.Request) bool { return r.Header.Get(endOpenHeader) == "true" }

// endView is one node of a refused deploy.
type endView struct {
	Node      string `json:"node"`
	Type      string `json:"type"`
	Name      string `json:"name,omitempty"`
	Flow      string `json:"flow,omitempty"`
	Deleted   bool   `json:"deleted"`
	Questions int    `json:"questions"`
	Held      int    `json:"held"`
}

// deployFailure answers a refused deploy: 409 with the code version_mismatch, or
// with ends_open and what would end. Sent again with the header Toban-End-Open:
// true, the latter deploys.
func (s *Server) deployFailure(w http.ResponseWriter, r *http.Request, err error) error {
	if errors.Is(err, ErrVersion) {
		return fail(http.StatusConflict, "version_mismatch", locale.Errorf("server.version_mismatch"))
	}
	refused, ok := errors.AsType[*EndsOpen](err)
	if !ok {
		return err
	}
	list := make([]endView, len(refused.Ends))
	for i, end := range refused.Ends {
		n := end.Node
		list[i] = endView{Node: n.ID, Type: n.Type, Name: n.Name, Deleted: end.Deleted, Questions: end.Questions, Held: end.Held}
		if n.Flow != nil {
			list[i].Flow = n.Flow.ID
		}
	}
	return reply(w, http.StatusConflict, map[string]any{
		"code": "ends_open", "message": s.lang(r).Err(refused.reason()), "ends": list,
	})
}
