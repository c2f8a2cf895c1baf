package node

// Quieter is a Step that can end without a message to the complete nodes. A
// node asks for it when what it received came from its own other half (the
// return to a link call) and so is no further message of the flow.
type Quieter interface {
	Quiet()
}
