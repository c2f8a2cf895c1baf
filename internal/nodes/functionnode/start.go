package functionnode

import (
	_ "embed"
	"regexp"
	"runtime"
	"sync"

	"toban/internal/js"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed prelude/node.js
var nodeSource string

//go:embed prelude/redutil.js
var redUtilSource string

//go:embed prelude/modules.js
var modulesSource string

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// prelude is compiled once for the process.
var prelude = sync.OnceValues(func() (*js.Script, error) {
	return js.Compile("function prelude",
		"(function(host, core, info){"+redUtilSource+modulesSource+nodeSource+"return entry;})")
})

// functions are the values that the node keeps in its VM.
type functions struct {
	main, makeNode, close, watch, settle js.Value
}

func (f *functions) free() {
	for _, v := range []*js.Value{&f.main, &f.makeNode, &f.close, &f.watch, &f.settle} {
		v.Free()
	}
	*f = functions{}
}

// wake makes the VM if there is none.
func (n *Function) wake() error {
	if n.vm != nil {
		return nil
	}
	vm, err := js.New(js.Options{
		Time: n.limit(), Host: n.host, Timer: n.startTimer, ClearTimer: n.stopTimer,
		Lang: n.env.Lang(), Console: n.print,
	})
	if err != nil {
		return err
	}
	n.vm = vm
	if err := n.load(); err != nil {
		n.discard()
		return err
	}
	return nil
}

func (n *Function) load() error {
	n.fns = functions{n.vm.Undefined(), n.vm.Undefined(), n.vm.Undefined(), n.vm.Undefined(), n.vm.Undefined()}
	script, err := prelude()
	if err != nil {
		return err
	}
	entry, err := n.vm.Load(script)
	if err != nil {
		return err
	}
	defer entry.Free()
	info, err := n.vm.ToJS(n.info())
	if err != nil {
		return err
	}
	defer info.Free()
	made, err := n.vm.Call(entry, n.vm.Host(), n.vm.Core(), info)
	if err != nil {
		return err
	}
	defer made.Free()
	n.fns.makeNode = n.vm.Member(made, "makeNode")
	n.fns.close = n.vm.Member(made, "close")
	n.fns.watch = n.vm.Member(made, "watch")
	n.fns.settle = n.vm.Member(made, "settle")
	n.fns.main, err = n.vm.Load(n.code.main)
	return err
}

// info is what the prelude tells the code about its node and the machine.
func (n *Function) info() *message.Object {
	libs := message.NewBuilder(len(n.Libs))
	for _, l := range n.Libs {
		if l.Var != "" {
			libs.Set(l.Var, moduleName(l.Module))
		}
	}
	path, _ := n.env.Getenv("NR_NODE_PATH")
	name := n.env.Props().Get("name")
	return message.NewObject(
		"id", n.env.ID(), "name", name, "path", path, "z", n.env.Flow(),
		"outputCount", n.env.Props().Get("outputs"), "libs", libs.Object(),
		"os", message.NewObject("platform", runtime.GOOS, "arch", runtime.GOARCH),
	)
}

// discard frees the VM. What JavaScript still had to do is forgotten.
func (n *Function) discard() {
	if n.vm == nil {
		return
	}
	for _, c := range n.calls {
		c.free()
	}
	n.fns.free()
	n.vm.Close()
	n.vm = nil
}

// begin runs the set-up code. Messages wait until its promise has resolved.
func (n *Function) begin() {
	if n.closing {
		return
	}
	err := n.wake()
	if err == nil {
		n.setup = &call{n: n, setup: true}
		err = n.runSetup()
	}
	if err != nil {
		n.setupFailed(err)
	}
}

func (n *Function) runSetup() error {
	f, err := n.vm.Load(n.code.initialize)
	if err != nil {
		return err
	}
	defer f.Free()
	return n.turn(n.setup, func() error {
		handle, err := n.vm.Call(n.fns.makeNode, n.vm.Int(setupID))
		if err != nil {
			return err
		}
		defer handle.Free()
		promise, err := n.vm.Call(f, handle)
		if err != nil {
			return err
		}
		defer promise.Free()
		return n.await(setupID, promise)
	})
}

// setupID stands for the set-up code where a call's number is wanted.
const setupID = 0

func (n *Function) setupDone() {
	n.state = ready
	waiting := n.waiting
	n.waiting = nil
	for _, c := range waiting {
		if err := n.run(c); err != nil {
			c.fail(err)
		}
	}
}

func (n *Function) setupFailed(err error) {
	n.state = broken
	err = n.asThrown(err)
	n.env.Log(node.Error, err)
	n.failure = locale.Errorf("function.setup_failed").Because(err)
	for _, c := range n.waiting {
		c.step.Fail(n.failure)
	}
	n.waiting = nil
}

// print takes what console.log and its like print.
func (n *Function) print(level, text string) {
	levels := map[string]node.Level{"error": node.Error, "warn": node.Warn, "debug": node.DebugLevel}
	if l, ok := levels[level]; ok {
		n.env.Log(l, text)
		return
	}
	n.env.Log(node.Info, text)
}
