package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"toban/internal/locale"
)

// usersCmd groups what can be done with users.
type usersCmd struct {
	Ls     usersLsCmd     `cmd:"" help:"${users_ls}"`
	Add    usersAddCmd    `cmd:"" help:"${users_add}"`
	Rm     usersRmCmd     `cmd:"" help:"${users_rm}"`
	Passwd usersPasswdCmd `cmd:"" help:"${users_passwd}"`
	Token  usersTokenCmd  `cmd:"" help:"${users_token}"`
}

// usersPath is a user's place in the API, or that of something below it.
func usersPath(name, below string) string { return "/api/users/" + url.PathEscape(name) + below }

// usersLsCmd lists the users.
type usersLsCmd struct {
	server
	JSON bool `name:"json" help:"${json}"`
}

func (c usersLsCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return api.copyTo(ctx, "/api/users", env.Stdout)
	}
	var answer struct {
		Users []struct {
			Name, Role      string
			Password, Token bool
		}
	}
	if err := api.get(ctx, "/api/users", &answer); err != nil {
		return err
	}
	for _, u := range answer.Users {
		ways := ""
		if u.Password {
			ways = env.Lang.Text("cli.user_password")
		}
		if u.Token {
			ways += " " + env.Lang.Text("cli.user_token")
		}
		fmt.Fprintf(env.Stdout, "%s  %s  %s\n", locale.Pad(u.Name, 24), locale.Pad(u.Role, 8), ways)
	}
	return nil
}

// usersAddCmd adds a user.
type usersAddCmd struct {
	server
	Name       string `arg:"" help:"${users_name}" placeholder:"NAME"`
	Role       string `help:"${users_role}" enum:"viewer,admin" default:"viewer" placeholder:"ROLE"`
	NoPassword bool   `help:"${users_no_password}"`
}

func (c usersAddCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	in := map[string]string{"name": c.Name, "role": c.Role}
	if !c.NoPassword {
		if in["password"], err = env.newPassword(); err != nil {
			return err
		}
	}
	if err := api.send(ctx, http.MethodPost, "/api/users", in, nil); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.user_added", "name", c.Name, "role", c.Role))
	return nil
}

// usersRmCmd removes a user.
type usersRmCmd struct {
	server
	Name string `arg:"" help:"${users_name}" placeholder:"NAME"`
}

func (c usersRmCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	if err := api.send(ctx, http.MethodDelete, usersPath(c.Name, ""), nil, nil); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.user_removed", "name", c.Name))
	return nil
}

// usersPasswdCmd gives a user a new password.
type usersPasswdCmd struct {
	server
	Name string `arg:"" help:"${users_name}" placeholder:"NAME"`
}

func (c usersPasswdCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	password, err := env.newPassword()
	if err != nil {
		return err
	}
	if err := api.send(ctx, http.MethodPut, usersPath(c.Name, "/password"), map[string]string{"password": password}, nil); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.user_password_set", "name", c.Name))
	return nil
}

// usersTokenCmd makes a token for a user's programs. It prints nothing else, so
// that a script can keep it.
type usersTokenCmd struct {
	server
	Name string `arg:"" help:"${users_name}" placeholder:"NAME"`
}

func (c usersTokenCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	var answer struct{ Token string }
	if err := api.send(ctx, http.MethodPost, usersPath(c.Name, "/token"), nil, &answer); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, answer.Token)
	return nil
}
