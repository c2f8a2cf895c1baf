package flow

import (
	"strings"

	"toban/internal/message"
)

// raw is a node as the file has it, its wires taken apart.
type raw struct {
	id, typ, z, g string
	obj           *message.Object
	wires         [][]string
	config        bool // a config node
	off           bool // "d": true
}

const subflowPrefix = "subflow:"

// subflow gives the id of the definition that the node is an instance of, "" if it is none.
func (r *raw) subflow() string {
	if id, ok := strings.CutPrefix(r.typ, subflowPrefix); ok {
		return id
	}
	return ""
}

func newRaw(obj *message.Object, types Types) *raw {
	r := &raw{
		id: obj.Text("id"), typ: obj.Text("type"), z: obj.Text("z"), g: obj.Text("g"),
		obj: obj, wires: readWires(obj.Get("wires")), off: obj.Get("d") == true,
	}
	r.config = r.subflow() == "" && (types.Config(r.typ) || !types.Known(r.typ) && !onCanvas(obj))
	return r
}

// onCanvas reports whether the editor draws the node. Config nodes have no
// place; but neither have the nodes of hand-written files, so it only decides
// for types that are not known.
func onCanvas(obj *message.Object) bool {
	_, x := obj.Lookup("x")
	_, y := obj.Lookup("y")
	return x && y
}

func readWires(v message.Value) [][]string {
	ports, ok := v.(*message.Array)
	if !ok {
		return nil
	}
	wires := make([][]string, ports.Len())
	for i, port := range ports.All() {
		wires[i] = readIDs(port)
	}
	return wires
}

// readIDs gives the texts of an array of ids; anything else in it is left out.
func readIDs(v message.Value) []string {
	list, ok := v.(*message.Array)
	if !ok {
		return nil
	}
	var ids []string
	for _, item := range list.All() {
		if id, ok := item.(string); ok && id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// outerWires is what a port of a subflow definition is wired to: node and port.
type outerWire struct {
	id   string
	port int
}

// readPort reads the wires of one entry of a subflow's in, out or status.
func readPort(v message.Value) []outerWire {
	obj, _ := v.(*message.Object)
	if obj == nil {
		return nil
	}
	list, _ := obj.Get("wires").(*message.Array)
	if list == nil {
		return nil
	}
	var wires []outerWire
	for _, item := range list.All() {
		w, ok := item.(*message.Object)
		if !ok || w.Text("id") == "" {
			continue
		}
		port, _ := w.Get("port").(float64)
		if port < 0 || port > maxPort {
			continue
		}
		wires = append(wires, outerWire{w.Text("id"), int(port)})
	}
	return wires
}

// maxPort bounds the output ports that a file can make us allocate.
const maxPort = 1000
