package cli

import (
	"os"

	"golang.org/x/term"
)

// narrowest is what tables need at least, in columns.
const narrowest = 60

// width is how many columns a table may take: those of the terminal that it is
// printed on, else lineWidth.
func (env Env) width() int {
	terminal, ok := env.Stdout.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return lineWidth
	}
	columns, _, err := term.GetSize(int(terminal.Fd()))
	if err != nil || columns == 0 {
		return lineWidth
	}
	return max(columns, narrowest)
}
