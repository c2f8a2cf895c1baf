package ec2

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Error is an error answer of the API.
type Error struct{ Code, Message string }

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// Change says what a call did to an instance.
type Change struct {
	ID                string
	Previous, Current State
}

// Describe gives the instances with these ids, or all when there are none.
func (c *Cloud) Describe(ids ...string) ([]Instance, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.record("DescribeInstances", ids)
	if len(ids) == 0 {
		return append([]Instance{}, c.instances...), nil
	}
	places, err := c.places(ids)
	if err != nil {
		return nil, err
	}
	var found []Instance
	for _, i := range places {
		found = append(found, c.instances[i])
	}
	return found, nil
}

// Stop stops instances; one that is stopping or stopped stays as it is.
func (c *Cloud) Stop(ids ...string) ([]Change, error) {
	return c.change("StopInstances", ids, "stopped", func(s State) (State, bool) {
		switch s {
		case Running:
			return Stopping, true
		case Stopping, Stopped:
			return s, true
		}
		return s, false
	})
}

// Start starts stopped instances; one that is pending or running stays as it is.
func (c *Cloud) Start(ids ...string) ([]Change, error) {
	return c.change("StartInstances", ids, "started", func(s State) (State, bool) {
		switch s {
		case Stopped:
			return Pending, true
		case Pending, Running:
			return s, true
		}
		return s, false
	})
}

// change applies next to all instances or, if one of them can't, to none.
func (c *Cloud) change(action string, ids []string, done string, next func(State) (State, bool)) ([]Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.record(action, ids)
	if len(ids) == 0 {
		return nil, &Error{"MissingParameter", "The request must contain the parameter InstanceId"}
	}
	places, err := c.places(ids)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, i := range places {
		in := c.instances[i]
		to, can := next(in.State)
		if !can {
			return nil, &Error{"IncorrectInstanceState",
				fmt.Sprintf("The instance '%s' is not in a state from which it can be %s.", in.ID, done)}
		}
		changes = append(changes, Change{ID: in.ID, Previous: in.State, Current: to})
	}
	for n, i := range places {
		if changes[n].Current != changes[n].Previous {
			c.enter(i, changes[n].Current)
		}
	}
	return changes, nil
}

// enter puts an instance into a state and, if it passes, arranges for the next.
func (c *Cloud) enter(i int, s State) {
	in := &c.instances[i]
	in.State, in.Since = s, time.Now()
	c.tell()
	after, next := c.options.Pending, Running
	if s == Stopping {
		after, next = c.options.Stopping, Stopped
	}
	if s != Pending && s != Stopping || c.closed {
		return
	}
	c.timers[in.ID] = time.AfterFunc(after, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.closed && c.instances[i].State == s { // instances are never removed
			c.enter(i, next)
		}
	})
}

var idForm = regexp.MustCompile(`^i-([0-9a-f]{8}|[0-9a-f]{17})$`)

// places finds instances by their ids; every id must have one.
func (c *Cloud) places(ids []string) ([]int, error) {
	var places []int
	var missing []string
	for _, id := range ids {
		if !idForm.MatchString(id) {
			return nil, &Error{"InvalidInstanceID.Malformed", fmt.Sprintf("Invalid id: %q", id)}
		}
		if i := c.find(id); i >= 0 {
			places = append(places, i)
		} else {
			missing = append(missing, id)
		}
	}
	switch len(missing) {
	case 0:
		return places, nil
	case 1:
		return nil, &Error{"InvalidInstanceID.NotFound", fmt.Sprintf("The instance ID '%s' does not exist", missing[0])}
	}
	return nil, &Error{"InvalidInstanceID.NotFound", fmt.Sprintf("The instance IDs '%s' do not exist", strings.Join(missing, ", "))}
}

func (c *Cloud) record(action string, ids []string) {
	const enough = 10_000 // a demo that is left open for weeks polls now and then
	if len(c.calls) < enough {
		c.calls = append(c.calls, strings.TrimSpace(action+" "+strings.Join(ids, " ")))
	}
}
