package sshhost

// Fault is a way to misbehave.
type Fault int

// The faults. They hold for everything that begins after Misbehave.
const (
	None          Fault = iota
	RefuseAuth          // nobody may log in
	RefuseExec          // logged in, but no command is run
	DropAtStart         // the connection breaks when a command is asked for, before it runs
	DropMidway          // the connection breaks when the command has run, before its status is sent
	NeverAnswer         // the command is taken and nothing comes back; signals are ignored
	NoCredentials       // the aws CLI finds no credentials and exits with 253
	NotFound            // the aws CLI is not on the PATH: 127
	Fail                // every command exits with 1
)

// Misbehave makes the host do f from now on; None ends it.
func (h *Host) Misbehave(f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fault = f
}

func (h *Host) behaviour() Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fault
}
