package crash

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	soak = flag.Duration("soak", 0, "how long TestSoak goes on; 0: a few histories")
	seed = flag.Uint64("seed", 0, "plays only the history of this seed; 0: all")
)

// binary is a toban with failpoints.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "toban-crash-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "toban")
	if err := build(binary, "-tags", "failpoints"); err != nil {
		panic(err)
	}
	// Histories mostly wait: for polls, pauses, people.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func build(to string, flags ...string) error {
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", to, "../../cmd/toban")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// patience is how long a history may take from its last crash to its end.
const patience = time.Minute
