package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"toban/internal/doctor"
	"toban/internal/locale"
	"toban/internal/slack"
)

// doctorCmd checks what the flows depend on, one line each. It fails if
// something is wrong; warnings alone don't.
type doctorCmd struct {
	data
	Secret string `help:"${secret}" env:"TOBAN_CREDENTIAL_SECRET" placeholder:"TEXT"`
}

func (c doctorCmd) Run(ctx context.Context, env Env) error {
	def, _ := slack.FromEnv(os.Getenv)
	def.Lang, def.Zone = env.Lang, zone()
	wrong := 0
	err := doctor.Examine(ctx, doctor.Options{
		DataDir: c.Data, Secret: c.Secret, Slack: def, Environ: os.LookupEnv, Lang: env.Lang, Zone: zone(),
	}, func(f doctor.Finding) {
		if f.Err != nil && !f.Warning {
			wrong++
		}
		env.printFinding(f)
	})
	switch {
	case err != nil:
		return err
	case wrong > 0:
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.doctor_wrong", "count", wrong))
		return errQuiet
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.doctor_well"))
	return nil
}

// printFinding prints a line with what was looked at, and below it the mend.
func (env Env) printFinding(f doctor.Finding) {
	word := "cli.doctor_ok"
	switch {
	case f.Err != nil && f.Warning:
		word = "cli.doctor_warning"
	case f.Err != nil:
		word = "cli.doctor_bad"
	}
	fmt.Fprintf(env.Stdout, "%s  %s\n", locale.Pad(env.Lang.Text(word), 4), f.What)
	if f.Err == nil {
		return
	}
	for _, line := range wrap(strings.TrimSpace(env.Lang.Err(f.Err)), lineWidth-6) {
		fmt.Fprintln(env.Stdout, "      "+line)
	}
}

// zone is the time zone of texts: TOBAN_TZ, else the machine's.
func zone() *time.Location {
	if name := os.Getenv("TOBAN_TZ"); name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	return time.Local
}
