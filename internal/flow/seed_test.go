package flow

import "testing"

func TestSeedBuildsWithoutATabObject(t *testing.T) {
	for _, name := range []string{"flow.clipboard.txt", "flow.json"} {
		t.Run(name, func(t *testing.T) {
			file, err := Parse(seedFile(t, name))
			if err != nil {
				t.Fatal(err)
			}
			g := clean(t, Build(file, Options{Types: someTypes{}}))
			tab := g.Flows["bd84d76c.2d93f8"]
			if tab == nil || tab.Blocked != "" {
				t.Fatalf("the tab without an object: %+v", tab)
			}
			if c := g.Nodes["fd7512e2.f22ec"]; !c.Config || c.Flow.ID != "" || c.Partition != "" || len(c.Users) != 3 {
				t.Errorf("connection: config %v, flow %q, partition %q, users %s", c.Config, c.Flow.ID, c.Partition, ids(c.Users))
			}
			if n := g.Nodes["67e11027.4cc2c"]; n.Partition != tab.ID || len(n.Catchers) != 1 {
				t.Errorf("command: partition %q, catchers %s", n.Partition, ids(n.Catchers))
			}
			if g.Order[0].ID != "fd7512e2.f22ec" {
				t.Errorf("%s starts before the config node", g.Order[0].ID)
			}
			if len(g.Nodes) != len(file.Nodes) {
				t.Errorf("%d of %d nodes run", len(g.Nodes), len(file.Nodes))
			}
		})
	}
}
