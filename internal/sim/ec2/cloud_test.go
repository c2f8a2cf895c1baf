package ec2

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	web = "i-0123456789abcdef0"
	db  = "i-0fedcba987654321f"
)

func twoInstances(t *testing.T) *Cloud {
	c := New(Options{Pending: 10 * time.Second, Stopping: 20 * time.Second})
	t.Cleanup(c.Close)
	c.AddInstance(Instance{ID: web, Name: "web-1", State: Running})
	c.AddInstance(Instance{ID: db, Name: "db-1", State: Running})
	return c
}

func states(c *Cloud) map[string]State {
	all := map[string]State{}
	for _, i := range c.Instances() {
		all[i.Name] = i.State
	}
	return all
}

func TestStatesPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := twoInstances(t)
		changes, err := c.Stop(web)
		if err != nil || !cmp.Equal(changes, []Change{{web, Running, Stopping}}) {
			t.Fatalf("stop: %v, %v", changes, err)
		}
		for _, step := range []struct {
			after time.Duration
			want  State
		}{{19 * time.Second, Stopping}, {2 * time.Second, Stopped}, {time.Hour, Stopped}} {
			time.Sleep(step.after)
			synctest.Wait()
			if got := states(c); got["web-1"] != step.want || got["db-1"] != Running {
				t.Errorf("after %v more: %v", step.after, got)
			}
		}
		if changes, err := c.Start(web, db); err != nil || !cmp.Equal(changes, []Change{{web, Stopped, Pending}, {db, Running, Running}}) {
			t.Fatalf("start: %v, %v", changes, err)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if got := states(c); got["web-1"] != Running {
			t.Errorf("at the end: %v", got)
		}
	})
}

func TestCloseStopsTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := twoInstances(t)
		if _, err := c.Stop(web); err != nil {
			t.Fatal(err)
		}
		c.Close()
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := states(c); got["web-1"] != Stopping {
			t.Errorf("a closed cloud moves on: %v", got)
		}
	})
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name       string
		call       func(c *Cloud) error
		code, text string
	}{
		{"several ids in one", func(c *Cloud) error { _, err := c.Stop(web + "," + db); return err }, "InvalidInstanceID.Malformed", web + "," + db},
		{"empty id", func(c *Cloud) error { _, err := c.Describe(""); return err }, "InvalidInstanceID.Malformed", `""`},
		{"unknown id", func(c *Cloud) error { _, err := c.Describe("i-00000000"); return err }, "InvalidInstanceID.NotFound", "'i-00000000' does"},
		{"unknown ids", func(c *Cloud) error { _, err := c.Start("i-00000000", "i-00000001", web); return err }, "InvalidInstanceID.NotFound", "'i-00000000, i-00000001' do"},
		{"nothing to stop", func(c *Cloud) error { _, err := c.Stop(); return err }, "MissingParameter", "InstanceId"},
		{"start while it stops", func(c *Cloud) error { _, _ = c.Stop(web); _, err := c.Start(web); return err }, "IncorrectInstanceState", "started"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := twoInstances(t)
			apiErr, ok := errors.AsType[*Error](test.call(c))
			if !ok || apiErr.Code != test.code || !strings.Contains(apiErr.Message, test.text) {
				t.Errorf("got %v", apiErr)
			}
			if got := states(c); got["db-1"] != Running {
				t.Errorf("a refused call changed something: %v", got)
			}
		})
	}
}

func TestSubscribe(t *testing.T) {
	c := twoInstances(t)
	changed, cancel := c.Subscribe()
	if _, err := c.Stop(web, db); err != nil {
		t.Fatal(err)
	}
	<-changed // one token for two changes that nobody had looked at
	select {
	case <-changed:
		t.Error("a second token")
	default:
	}
	cancel()
	c.Add("new")
	select {
	case <-changed:
		t.Error("a token after the end of the subscription")
	default:
	}
}
