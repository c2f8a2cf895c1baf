package flow

import "toban/internal/message"

// Graph is a deployed flow file: immutable, safe for concurrent use.
type Graph struct {
	Revision string           // SHA-256 of the file, hex
	Flows    map[string]*Flow // tabs and subflow instances by id; "" is the global flow
	Nodes    map[string]*Node // every node that is to run, config nodes included, by (expanded) id
	Order    []*Node          // the same in the order in which they start: config nodes first
	Problems []Problem

	blocked map[string]*Node // nodes that would run if their flow were not blocked, by (expanded) id
}

// Blocked gives the nodes that would run if their flow were not blocked, by
// (expanded) id: what they keep is kept until it is not. They have no wires and no
// partition.
func (g *Graph) Blocked() map[string]*Node { return g.blocked }

// Flow is a tab, a subflow instance, or the global flow.
type Flow struct {
	ID, Label string
	Parent    *Flow // of a subflow instance: the flow that it stands in
	Instance  *Node // the subflow instance's node
	Env       []EnvVar
	// Blocked says in English why the flow doesn't start (an unknown type, a cycle
	// of subflows); "" if it does. Problems has the same for people.
	Blocked string

	// Disabled tabs are listed, but none of their nodes runs.
	Disabled bool
	// Path is tab/instance/… of definition ids, as NR_SUBFLOW_PATH shows it.
	Path string
	// Groups are the groups that stand directly in this flow, by (expanded) id.
	Groups map[string]*Group

	scope
	def *message.Object // of a subflow instance: the definition
}

// Group is a group of nodes. Groups nest.
type Group struct {
	ID, Name string
	Flow     *Flow
	Parent   *Group // nil: stands directly in the flow
	Env      []EnvVar

	scope
	config *message.Object
}

// EnvVar is one environment variable of a group, tab or subflow: an unevaluated typed value.
type EnvVar struct {
	Name, Type string
	Value      message.Value
}

// Node is one node of a graph.
type Node struct {
	ID, Type, Name string
	Alias          string // id in the file when this is a copy inside a subflow instance
	Flow           *Flow  // of a subflow instance's node: the flow that it stands in
	Group          string
	Config         bool
	Props          *message.Object // ${NAME} replaced
	Wires          [][]*Node       // per output port; links and subflow ports resolved
	Partition      string          // "" for config nodes
	Path           string          // flow/instance/… for debug and NR_NODE_PATH

	// Impl is the name under which the registry has the node's type: Type itself,
	// but "subflow" for an instance ("subflow:<id>").
	Impl string
	// StatusOf is the node whose status this node's Status sets: a subflow's
	// status output sets the one of its instance. nil: its own.
	StatusOf *Node
	// Users are the nodes that refer to this config node.
	Users []*Node

	// Filled by Build from the scopes of catch, status and complete nodes.
	// Catchers may name a node twice: a config node's error goes to the catch
	// nodes of each of its users.
	Catchers  []*Node // who gets this node's errors; empty: nobody
	Reporter  *Node   // the node that the errors are reported for (a subflow instance when they go up)
	Watchers  []*Node // who gets its statuses
	Followers []*Node // who gets a message when it completes
}

// Problem is one thing that is wrong with a flow file.
type Problem struct {
	Node, Type, Name, Flow string
	Err                    error // a locale.Error
	Warning                bool  // worth saying, but nothing is stopped
}

// OfType lists the running nodes of a type in the order of the file.
func (g *Graph) OfType(typ string) []*Node {
	var found []*Node
	for _, n := range g.Order {
		if n.Type == typ {
			found = append(found, n)
		}
	}
	return found
}
