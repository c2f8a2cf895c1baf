package cli

// runsCmd groups what can be done with runs.
type runsCmd struct {
	Ls       runsLsCmd       `cmd:"" help:"${runs_ls}"`
	Show     runsShowCmd     `cmd:"" help:"${runs_show}"`
	Cancel   runsCancelCmd   `cmd:"" help:"${runs_cancel}"`
	Rehearse runsRehearseCmd `cmd:"" help:"${runs_rehearse}"`
}
