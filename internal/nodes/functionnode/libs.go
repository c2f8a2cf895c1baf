package functionnode

import (
	"slices"
	"strings"

	"toban/internal/locale"
)

// modules are the Node.js modules that the prelude knows, or the part of them
// that flows use. Others, and those from npm, can't be loaded.
var modules = []string{"buffer", "crypto", "os", "path", "querystring", "timers", "url", "util"}

// taken are the names that the code finds anyway.
var taken = []string{
	"node", "msg", "console", "util", "Buffer", "URL", "URLSearchParams", "Date", "RED", "context", "flow",
	"global", "env", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "promisify",
}

func (n *Function) checkLibs() error {
	if len(n.Libs) > 0 && n.env.Setting("functionExternalModules") == false {
		return locale.Errorf("function.error.externalModuleNotAllowed")
	}
	for _, l := range n.Libs {
		if l.Var == "" {
			continue
		}
		if slices.Contains(taken, l.Var) || !identifier.MatchString(l.Var) {
			return locale.Errorf("function.error.moduleNameError", "name", l.Var)
		}
		if !slices.Contains(modules, moduleName(l.Module)) {
			return locale.Errorf("function.error.moduleLoadError", "module", l.Module,
				"known", strings.Join(modules, ", "))
		}
	}
	return nil
}

func moduleName(spec string) string { return strings.TrimPrefix(spec, "node:") }
