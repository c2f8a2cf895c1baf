package command

import (
	"context"
	"sync"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/sshx"
)

// Plan renders and checks the command.
func (c *Command) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	job, err := c.job(msg)
	if err != nil {
		return nil, err
	}
	job.client = client
	effect := &node.Effect{
		Resource: c.Connection,
		Safe:     c.Safe,
		Preview: node.Preview{
			Action: c.env.Lang().Text("command.action"),
			Target: client.Label(),
			Detail: job.command.Text,
		},
		Perform:   job.perform,
		Rehearsed: job.rehearsed,
	}
	if client.Resumable() && !c.PTY { // a terminal can't be taken up again
		job.makeResumable(effect)
	}
	return effect, nil
}

// job is one command that is ready to run.
type job struct {
	node    *Command
	client  *sshx.Client
	command sshx.Command
	msg     *message.Object
	lang    locale.Lang

	mu     sync.Mutex
	remark string
	mute   bool // the host must not be asked what became of it
}

func (c *Command) job(msg *message.Object) (*job, error) {
	text, err := c.render(msg)
	if err != nil {
		return nil, err
	}
	vars, err := renderEnv(c.vars, msg, expr.RenderOptions{Vars: node.VarsOf(c.env)})
	if err != nil {
		return nil, err
	}
	if err := tryTarget(c.target, msg); err != nil {
		return nil, err
	}
	return &job{
		node:    c,
		command: sshx.Command{Text: text, Env: vars, PTY: c.PTY, Timeout: c.timeout()},
		msg:     msg,
		lang:    c.env.Lang(),
	}, nil
}

func (j *job) perform(ctx context.Context, _ node.Key) (node.Outputs, error) {
	result, err := j.client.Exec(ctx, j.command)
	if err != nil {
		return nil, failure(err)
	}
	return j.ended(ctx, result)
}

// ended goes on with the result of a command that ended by itself.
func (j *job) ended(ctx context.Context, result sshx.Result) (node.Outputs, error) {
	if result.Code != 0 || result.Signal != "" {
		return nil, j.bad(result)
	}
	return j.finish(ctx, j.value(result))
}

// finish puts the result where it belongs: into the message here, into a
// context in the loop.
func (j *job) finish(ctx context.Context, value message.Value) (node.Outputs, error) {
	if j.node.target.Type() == "msg" {
		msg, err := put(j.node.target, nil, j.msg, value)
		if err != nil {
			return nil, err
		}
		return node.First(msg), nil
	}
	done := make(chan error, 1)
	j.node.env.Do(func() {
		_, err := put(j.node.target, node.VarsOf(j.node.env), j.msg, value)
		done <- err
	})
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		return node.First(j.msg), nil
	case <-ctx.Done():
		return nil, &unknown{context.Cause(ctx)}
	}
}

// rehearsed is what a command gives that was only shown: an empty success.
func (j *job) rehearsed() node.Outputs {
	msg, err := put(j.node.target, node.VarsOf(j.node.env), j.msg, j.value(sshx.Result{}))
	if err != nil {
		j.node.env.Log(node.Error, err)
		return nil
	}
	return node.First(msg)
}
