package functionnode

// finish runs the handlers that the code gave to node.on('close') and the
// clean-up code. A node that never ran has no handlers, but may have clean-up code.
func (n *Function) finish(removed bool) error {
	if n.vm == nil && n.code.finalize == nil {
		return nil
	}
	if err := n.wake(); err != nil {
		return err
	}
	err := n.turn(nil, func() error {
		done, err := n.vm.Call(n.fns.close, n.vm.Int(boolInt(removed)))
		done.Free()
		return err
	})
	if err != nil {
		n.report(nil, err)
	}
	if n.code.finalize == nil {
		return nil
	}
	if err := n.turn(nil, n.runFinalize); err != nil {
		n.report(nil, err)
	}
	return nil
}

func (n *Function) runFinalize() error {
	f, err := n.vm.Load(n.code.finalize)
	if err != nil {
		return err
	}
	defer f.Free()
	handle, err := n.vm.Call(n.fns.makeNode, n.vm.Int(closeID))
	if err != nil {
		return err
	}
	defer handle.Free()
	result, err := n.vm.Call(f, handle)
	result.Free()
	return err
}

// closeID stands for the clean-up code where a call's number is wanted.
const closeID = -1
