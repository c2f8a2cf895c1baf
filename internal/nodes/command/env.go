package command

import (
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/sshx"
)

// envVar is an environment variable whose value is a template.
type envVar struct {
	name  string
	value *expr.Template
}

func compileEnv(text string) ([]envVar, error) {
	parsed, err := sshx.ParseEnv(text)
	if err != nil {
		return nil, err
	}
	var vars []envVar
	for _, v := range parsed {
		value, err := expr.ParseTemplate(v.Value)
		if err != nil {
			return nil, err
		}
		vars = append(vars, envVar{v.Name, value})
	}
	return vars, nil
}

// renderEnv fills the values in. They reach the command as they are, without a
// shell in between, so a stranger's text is harmless here.
func renderEnv(vars []envVar, msg any, options expr.RenderOptions) ([]sshx.Var, error) {
	var rendered []sshx.Var
	for _, v := range vars {
		value, err := v.value.Render(msg, options)
		if err != nil {
			return nil, err
		}
		if strings.Contains(value, "\x00") {
			return nil, locale.Errorf("ssh.env_bad_value", "name", v.name)
		}
		rendered = append(rendered, sshx.Var{Name: v.name, Value: value})
	}
	return rendered, nil
}
