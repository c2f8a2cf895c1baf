package server

import (
	"io"
	"net/http"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
)

// The deployment types of the header Node-RED-Deployment-Type.
const (
	deploymentHeader = "Node-RED-Deployment-Type"
	reload           = "reload"
)

// flowRoutes are about the deployed file.
func (s *Server) flowRoutes() []route {
	return []route{
		{pattern: "GET /flows", handler: s.getFlows, access: view},
		{pattern: "POST /flows", handler: s.postFlows, access: edit, body: flowsBody},
		{pattern: "GET /flow/{id}", handler: s.getFlow, access: view},
		{pattern: "POST /flow", handler: s.postFlow, access: edit, body: flowsBody},
		{pattern: "PUT /flow/{id}", handler: s.putFlow, access: edit, body: flowsBody},
		{pattern: "DELETE /flow/{id}", handler: s.deleteFlow, access: edit},
		{pattern: "GET /credentials/{type}/{id}", handler: s.getCredentials, access: edit},
		{pattern: "GET /api/problems", handler: s.getProblems, access: view},
	}
}

// version reads the header Node-RED-API-Version: 1 or 2.
func version(r *http.Request) (int, error) {
	switch v := r.Header.Get("Node-RED-API-Version"); v {
	case "", "v1":
		return 1, nil
	case "v2":
		return 2, nil
	default:
		return 0, fail(http.StatusBadRequest, "invalid_api_version", locale.Errorf("server.api_version", "version", v))
	}
}

// getFlows gives the deployed file (GET /flows): an array, or {flows, rev}.
func (s *Server) getFlows(w http.ResponseWriter, r *http.Request) error {
	v, err := version(r)
	if err != nil {
		return err
	}
	file := s.cfg.Flows.Current()
	if v == 1 {
		return replyJSON(w, file.JSON())
	}
	body := append([]byte(`{"flows":`), file.JSON()...)
	return replyJSON(w, append(body, `,"rev":"`+file.Revision()+`"}`...))
}

// postFlows deploys a file (POST /flows): 204, or {rev, problems}.
func (s *Server) postFlows(w http.ResponseWriter, r *http.Request) error {
	v, err := version(r)
	if err != nil {
		return err
	}
	problems, err := s.deploy(r)
	if err != nil {
		return s.deployFailure(w, r, err)
	}
	rev := s.deployed()
	if v == 1 {
		return reply(w, http.StatusNoContent, nil)
	}
	return reply(w, http.StatusOK, map[string]any{"rev": rev, "problems": s.problems(r, problems)})
}

func (s *Server) deploy(r *http.Request) ([]flow.Problem, error) {
	kind := r.Header.Get(deploymentHeader)
	if kind == reload {
		return s.cfg.Flows.Restart(r.Context())
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	file, err := flow.Parse(body)
	if err != nil {
		return nil, fail(http.StatusBadRequest, "invalid_flow", err)
	}
	return s.cfg.Flows.Deploy(r.Context(), file, DeployOptions{Base: file.Rev, Mode: mode(kind), EndOpen: endsOpen(r)})
}

func mode(kind string) flow.Mode {
	switch m := flow.Mode(kind); m {
	case flow.Flows, flow.Nodes:
		return m
	}
	return flow.Full
}

// getCredentials gives what may be shown of a node's credentials (GET
// /credentials/:type/:id; blanks in the type are written as dashes).
func (s *Server) getCredentials(w http.ResponseWriter, r *http.Request) error {
	shown := s.cfg.Flows.Credentials(r.PathValue("id"), s.typeName(r.PathValue("type")))
	if shown == nil {
		shown = message.NewObject()
	}
	return replyValue(w, shown)
}

// getProblems lists what is wrong with the deployed file (GET /api/problems).
func (s *Server) getProblems(w http.ResponseWriter, r *http.Request) error {
	return reply(w, http.StatusOK, map[string]any{"problems": s.problems(r, s.cfg.Flows.Problems())})
}

// problem is one problem as the API gives it.
type problem struct {
	Node    string `json:"node,omitempty"`
	Type    string `json:"type,omitempty"`
	Name    string `json:"name,omitempty"`
	Flow    string `json:"flow,omitempty"`
	Message string `json:"message"`
	Warning bool   `json:"warning,omitempty"`
}

func (s *Server) problems(r *http.Request, found []flow.Problem) []problem {
	list := make([]problem, len(found))
	for i, p := range found {
		list[i] = problem{p.Node, p.Type, p.Name, p.Flow, s.lang(r).Err(p.Err), p.Warning}
	}
	return list
}
