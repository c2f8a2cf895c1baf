package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/app"
	"toban/internal/message"
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

// The settings that the engine obeys are shown as they are.
func TestRuntimeSettingsAreShown(t *testing.T) {
	s := newSite(t, func(o *app.Options) {
		o.Settings = map[string]message.Value{"functionTimeout": 7.0, "functionExternalModules": false,
			"contextStorage": message.NewObject("default", "fast", "fast", message.NewObject("module", "memory"), "file", message.NewObject("module", "localfilesystem"))}
	})
	got := decode[map[string]any](t, s.want(200, "GET", "/settings", ""))
	if at(got, "functionTimeout") != 7.0 || at(got, "functionExternalModules") != false || at(got, "context.default") != "fast" {
		t.Errorf("settings: %v", got)
	}
	if got := s.want(200, "GET", "/context/global", ""); got != `{"fast":{},"file":{}}` {
		t.Errorf("stores: %s", got)
	}
	if got := s.want(200, "GET", "/context/global/x?store=file", ""); got != `{"msg":"(undefined)","format":"undefined","store":"file"}` {
		t.Errorf("a store that isn't the default one: %s", got)
	}
}

// Each person has settings of their own; a viewer may arrange the editor, too.
func TestSettingsArePersonal(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/settings/user", `{"editor":{"language":"ja"}}`)
	s.want(201, "POST", "/api/users", `{"name":"viewer","role":"viewer"}`)
	s.token = decode[struct{ Token string }](t, s.want(201, "POST", "/api/users/viewer/token", "")).Token
	if got := s.want(200, "GET", "/settings/user", ""); got != "{}" {
		t.Errorf("of another: %s", got)
	}
	s.want(204, "POST", "/settings/user", `{"editor":{"language":"en-US"}}`)
	user := decode[map[string]any](t, s.want(200, "GET", "/settings", ""))["user"]
	if diff := cmp.Diff(map[string]any{"username": "viewer", "permissions": []any{"read", "settings.write"}}, user); diff != "" {
		t.Error(diff)
	}
	s.token = s.app.Token()
	if got := s.want(200, "GET", "/settings/user", ""); got != `{"editor":{"language":"ja"}}` {
		t.Errorf("the admin's: %s", got)
	}
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
