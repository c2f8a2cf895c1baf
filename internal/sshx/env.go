package sshx

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"toban/internal/locale"
)

// Var is one environment variable of a command.
type Var struct{ Name, Value string }

// Bounds of a command's environment.
const (
	maxVars    = 100
	maxEnvText = 64 << 10
)

var varName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ParseEnv reads the environment of a command as people write it: KEY=VALUE
// lines (blank lines and lines that begin with # don't count; everything after
// the first = is the value, as it stands), or one JSON object of strings,
// numbers and booleans. The order is kept; of a name that comes twice the last
// value counts.
func ParseEnv(text string) ([]Var, error) {
	if len(text) > maxEnvText {
		return nil, locale.Errorf("ssh.env_too_big", "max", maxEnvText)
	}
	parse := parseEnvLines
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		parse = parseEnvJSON
	}
	vars, err := parse(text)
	if err != nil {
		return nil, err
	}
	return checkVars(vars)
}

func parseEnvLines(text string) ([]Var, error) {
	var vars []Var
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if trimmed := strings.TrimSpace(line); trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, locale.Errorf("ssh.env_bad_line", "line", line)
		}
		vars = append(vars, Var{strings.TrimSpace(name), value})
	}
	return vars, nil
}

func parseEnvJSON(text string) ([]Var, error) {
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil { // the brace
		return nil, locale.Errorf("ssh.env_bad_json").Because(err)
	}
	var vars []Var
	for dec.More() {
		v, err := jsonVar(dec)
		if err != nil {
			return nil, err
		}
		vars = append(vars, v)
	}
	if _, err := dec.Token(); err != nil {
		return nil, locale.Errorf("ssh.env_bad_json").Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, locale.Errorf("ssh.env_bad_json").Because(io.ErrUnexpectedEOF)
	}
	return vars, nil
}

func jsonVar(dec *json.Decoder) (Var, error) {
	name, err := dec.Token()
	if err != nil {
		return Var{}, locale.Errorf("ssh.env_bad_json").Because(err)
	}
	value, err := dec.Token()
	if err != nil {
		return Var{}, locale.Errorf("ssh.env_bad_json").Because(err)
	}
	v := Var{Name: name.(string)} // a decoder gives nothing else in an object's key position
	switch value := value.(type) {
	case string:
		v.Value = value
	case json.Number:
		v.Value = value.String()
	case bool:
		v.Value = map[bool]string{true: "true", false: "false"}[value]
	default:
		return Var{}, locale.Errorf("ssh.env_bad_value", "name", v.Name)
	}
	return v, nil
}

func checkVars(vars []Var) ([]Var, error) {
	place := map[string]int{}
	var kept []Var
	for _, v := range vars {
		if !varName.MatchString(v.Name) {
			return nil, locale.Errorf("ssh.env_bad_name", "name", v.Name)
		}
		if strings.Contains(v.Value, "\x00") {
			return nil, locale.Errorf("ssh.env_bad_value", "name", v.Name)
		}
		if i, twice := place[v.Name]; twice {
			kept[i] = v
			continue
		}
		place[v.Name] = len(kept)
		kept = append(kept, v)
	}
	if len(kept) > maxVars {
		return nil, locale.Errorf("ssh.env_too_many", "max", maxVars)
	}
	return kept, nil
}

// Quote makes s one word of a POSIX shell, whatever it contains.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
