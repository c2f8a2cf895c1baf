package console_test

import (
	"strings"
	"testing"
	"time"
)

const holding = `[{"id":"tab1","type":"tab","label":"Cooling"},
	{"id":"in1","type":"inject","z":"tab1","name":"go","props":[{"p":"payload"}],"payload":"x","payloadType":"str","wires":[["wait1","wait2","call1"]]},
	{"id":"wait1","type":"delay","z":"tab1","name":"Cool <down>","pauseType":"delay","timeout":"20","timeoutUnits":"minutes","wires":[[]]},
	{"id":"wait2","type":"delay","z":"tab1","name":"Sleep","pauseType":"delay","timeout":"3","timeoutUnits":"days","wires":[[]]},
	{"id":"call1","type":"link call","z":"tab1","name":"Ask the other","links":["link1"],"linkType":"static","timeout":"3600","wires":[[]]},
	{"id":"link1","type":"link in","z":"tab1","links":[],"wires":[["wait3"]]},
	{"id":"wait3","type":"delay","z":"tab1","name":"","pauseType":"delay","timeout":"20","timeoutUnits":"seconds","wires":[[]]}]`

// TestHeldMessages: who looks at a run sees which node holds its message, until
// when and how long still, the first to go on first; after a restart, too.
func TestHeldMessages(t *testing.T) {
	s := newSite(t)
	s.deploy(holding)
	s.want(200, "POST", "/inject/in1", "")
	run := s.run("waiting")
	until := run.StartedAt.Add(20 * time.Minute).In(s.options.Zone).Format("15:04 JST") // both began in the same minute, or nearly so
	for range 2 {
		page := s.look("/runs/" + run.ID)
		has(t, page, "“Cool &lt;down&gt;” holds the message until ", `data-kind="in">in 19 min</strong>)`, `data-kind="in">in 2 d 23 h 59 min</strong>)`,
			"“Ask the other” waits for the flow that it called, until ", "in 59 min")
		if !strings.Contains(page, until) && !strings.Contains(page, run.StartedAt.Add(21*time.Minute).In(s.options.Zone).Format("15:04 JST")) {
			t.Errorf("no %q in\n%s", until, page)
		}
		inOrder(t, page, "“delay” holds", "“Cool", "“Ask the other”", "“Sleep”", `id="steps"`, "“Cool")
		lacks(t, page, "A node holds its message")
		s.restart()
	}
	s.lang = "ja"
	has(t, s.look("/runs/"+run.ID), "「Cool &lt;down&gt;」が ", " JST までメッセージを保持しています", `>あと 19 分</strong>`, `data-left="残り {time}"`, `data-ago="{time}前"`)
	s.post(303, "/runs/"+run.ID+"/cancel")
	lacks(t, s.look("/runs/"+run.ID), "保持しています")
}
