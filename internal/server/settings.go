package server

import (
	"net/http"

	"toban/internal/auth"
	"toban/internal/message"
)

// adminVersion is the version of Node-RED whose admin API this is, and whose
// editor it serves.
const adminVersion = "5.0.7"

// editorLanguages are those that the editor of adminVersion has catalogues for.
var editorLanguages = []string{"de", "en-US", "es-ES", "fr", "ja", "ko", "pt-BR", "ru", "zh-CN", "zh-TW"}

// off are the items of the editor's menu that lead to what Toban doesn't have:
// other node packages, projects, and help pages of another product.
var off = []string{
	"menu-item-edit-palette", "menu-item-projects-menu", "menu-item-projects-new", "menu-item-projects-open", "menu-item-projects-settings",
	"menu-item-help", "menu-item-node-red-version",
}

// getSettings gives what the editor and other clients of the admin API need to
// know (GET /settings). Its keys are Node-RED's.
func (s *Server) getSettings(w http.ResponseWriter, r *http.Request) error {
	standard, stores := s.cfg.Engine.ContextStores()
	return reply(w, http.StatusOK, map[string]any{
		"httpNodeRoot": s.cfg.NodeRoot + "/", "version": adminVersion,
		"user":                       userOf(auth.PersonFrom(r.Context())),
		"context":                    map[string]any{"default": standard, "stores": stores},
		"codeEditor":                 map[string]any{"lib": "monaco", "options": map[string]any{}},
		"libraries":                  libraries(),
		"externalModules":            map[string]any{"palette": map[string]bool{"allowInstall": false, "allowUpload": false}},
		"flowEncryptionType":         "system",
		"diagnostics":                map[string]bool{"enabled": false, "ui": false},
		"telemetryEnabled":           false,
		"runtimeState":               map[string]bool{"enabled": false, "ui": false},
		"functionExternalModules":    s.cfg.Setting("functionExternalModules") != false, // if it is, the editor drops the modules that a function names
		"functionTimeout":            s.functionTimeout(),
		"tlsConfigDisableLocalFiles": false, // or it drops the names of files
		"editorTheme":                editorTheme(),
	})
}

// functionTimeout is what functions without one of their own may take, in
// seconds; 0 if nothing is set.
func (s *Server) functionTimeout() float64 {
	if seconds := message.ToNumber(s.cfg.Setting("functionTimeout")); seconds > 0 { // NaN isn't
		return seconds
	}
	return 0
}

// userOf is who asks, as the editor shows it. Whoever may only look may still
// arrange the editor for themselves.
func userOf(p auth.Person) map[string]any {
	var permissions any = []string{"read", "settings.write"}
	if p.Role.May(auth.Edit) {
		permissions = "*"
	}
	return map[string]any{"username": p.Name, "permissions": permissions}
}

// editorTheme is what the editor shows differently from Node-RED's own.
func editorTheme() map[string]any {
	menu := map[string]any{}
	for _, item := range off {
		menu[item] = false
	}
	return map[string]any{
		"languages":   editorLanguages,
		"projects":    map[string]bool{"enabled": false},
		"tours":       false,
		"userMenu":    true,
		"multiplayer": map[string]bool{"enabled": false},
		"menu":        menu,
		"palette": map[string]any{ // the editor's own categories come after these
			"editable": false, "categories": map[string]any{"order": []string{"toban"}},
		},
	}
}
