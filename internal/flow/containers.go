package flow

import (
	"toban/internal/locale"
	"toban/internal/message"
)

// container is a tab, a subflow definition, or the global flow ("").
type container struct {
	id     string
	obj    *message.Object            // nil: no object in the file describes it
	nodes  []*raw                     // in the order of the file
	groups map[string]*message.Object // by id
}

// sorted is a flow file with each node in its container.
type sorted struct {
	global *container
	tabs   []*container          // in order of appearance
	defs   map[string]*container // subflow definitions
	nodes  map[string]*raw       // by id in the file
}

// sortNodes puts each node into its container. Node-RED's rules: a z without an
// object makes an unnamed tab; a config node whose z is no container is global.
func (b *builder) sortNodes(file *File) *sorted {
	s := &sorted{global: &container{}, defs: map[string]*container{}, nodes: map[string]*raw{}}
	tabs := map[string]*container{}
	seen := map[string]bool{}
	var rest []*message.Object
	for _, obj := range file.Nodes {
		id := obj.Text("id")
		if id == "" || seen[id] {
			b.warn(newRaw(obj, b.opts.Types), locale.Errorf(pick(id == "", "flow.no_id", "flow.duplicate_id"), "type", obj.Text("type"), "id", id))
			continue
		}
		seen[id] = true
		switch obj.Text("type") {
		case "tab":
			tabs[id] = &container{id: id, obj: obj}
			s.tabs = append(s.tabs, tabs[id])
		case "subflow":
			s.defs[id] = &container{id: id, obj: obj}
		default:
			rest = append(rest, obj)
		}
	}
	for _, obj := range rest {
		r := newRaw(obj, b.opts.Types)
		c := tabs[r.z]
		if c == nil {
			c = s.defs[r.z]
		}
		if c == nil && (r.z == "" || r.config) {
			c = s.global
		}
		if c == nil {
			c = &container{id: r.z}
			tabs[r.z] = c
			s.tabs = append(s.tabs, c)
		}
		if r.typ == "group" {
			if c.groups == nil {
				c.groups = map[string]*message.Object{}
			}
			c.groups[r.id] = obj
			continue
		}
		c.nodes = append(c.nodes, r)
		s.nodes[r.id] = r
	}
	return s
}

func (c *container) disabled() bool { return c.obj != nil && c.obj.Get("disabled") == true }

func (c *container) label() string {
	if c.obj == nil {
		return ""
	}
	return c.obj.Text("label")
}

func pick(cond bool, yes, no string) string {
	if cond {
		return yes
	}
	return no
}
