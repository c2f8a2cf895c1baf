package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// nodeREDSettings are what Node-RED 5.0 itself answers to GET /settings, with
// the kind of each value.
var nodeREDSettings = map[string]string{
	"httpNodeRoot": "string", "version": "string", "context.default": "string", "context.stores": "array",
	"codeEditor.lib": "string", "codeEditor.options": "object", "libraries": "array",
	"externalModules.palette.allowInstall": "bool", "externalModules.palette.allowUpload": "bool",
	"flowEncryptionType": "string", "diagnostics.enabled": "bool", "diagnostics.ui": "bool",
	"runtimeState.enabled": "bool", "runtimeState.ui": "bool", "functionExternalModules": "bool", "functionTimeout": "number",
	"tlsConfigDisableLocalFiles": "bool", "editorTheme.palette.editable": "bool", "editorTheme.projects.enabled": "bool",
	"editorTheme.tours": "bool", "editorTheme.languages": "array", "user.username": "string",
}

func TestSettingsHaveNodeREDsShape(t *testing.T) {
	s := newSite(t)
	got := decode[map[string]any](t, s.want(200, "GET", "/settings", ""))
	for path, want := range nodeREDSettings {
		if kind := kindOf(at(got, path)); kind != want {
			t.Errorf("%s is %s, want %s", path, kind, want)
		}
	}
	for path, want := range map[string]any{
		"version": "5.0.7", "httpNodeRoot": "/", "context.default": "default", "telemetryEnabled": false,
		"externalModules.palette.allowInstall": false, "user.username": "admin", "user.permissions": "*",
		"editorTheme.menu.menu-item-edit-palette": false,
	} {
		if v := at(got, path); v != want {
			t.Errorf("%s is %v, want %v", path, v, want)
		}
	}
	languages, _ := at(got, "editorTheme.languages").([]any)
	if !slices.Contains(languages, any("ja")) || !slices.Contains(languages, any("en-US")) {
		t.Errorf("languages: %v", languages)
	}
}

func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		obj, _ := v.(map[string]any)
		v = obj[name]
	}
	return v
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "bool"
	case float64:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "nothing"
}

func TestUserSettings(t *testing.T) {
	s := newSite(t)
	if got := s.want(200, "GET", "/settings/user", ""); got != "{}" {
		t.Errorf("of who has none: %s", got)
	}
	const form = "application/json"
	for _, step := range []struct{ sent, want string }{
		{`{"editor":{"view":{"view-show-grid":true,"zoom":1}},"dirs":[1,2]}`, `{"editor":{"view":{"view-show-grid":true,"zoom":1}},"dirs":[1,2]}`},
		{`{"editor":{"view":{"zoom":2}}}`, `{"editor":{"view":{"view-show-grid":true,"zoom":2}},"dirs":[1,2]}`},
		{`{"dirs":[3],"editor":{"view":{"zoom":null}}}`, `{"editor":{"view":{"view-show-grid":true}},"dirs":[3]}`},
		{`{"dirs":{"a":1}}`, `{"editor":{"view":{"view-show-grid":true}},"dirs":{"a":1}}`},
		{`{"editor":"x","dirs":null}`, `{"editor":"x"}`},
	} {
		s.want(204, "POST", "/settings/user", step.sent, "Content-Type", form)
		if got := s.want(200, "GET", "/settings/user", ""); got != step.want {
			t.Errorf("after %s: %s, want %s", step.sent, got, step.want)
		}
	}
	for _, bad := range []string{"", "[", "[]", `"x"`, strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)} {
		s.want(400, "POST", "/settings/user", bad)
	}
	large, err := json.Marshal(map[string]string{"a": strings.Repeat("x", 200<<10)})
	if err != nil {
		t.Fatal(err)
	}
	s.want(204, "POST", "/settings/user", string(large))
	s.want(http.StatusRequestEntityTooLarge, "POST", "/settings/user", strings.Replace(string(large), `"a"`, `"b"`, 1))
	s.want(http.StatusRequestEntityTooLarge, "POST", "/settings/user", `{"c":"`+strings.Repeat("x", 300<<10)+`"}`)
}
