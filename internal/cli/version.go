package cli

import "runtime/debug"

// version names this build: the module's version, else the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "toban"
	}
	name := "toban " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			name += " " + s.Value[:12]
		}
	}
	return name
}
