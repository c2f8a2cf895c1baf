package console

import (
	"encoding/json"
	"os"
	"testing"

	"toban/internal/locale"
)

// A run's state is spelled the same on the console and in the editor.
func TestStatesAreSpelledAsInTheEditor(t *testing.T) {
	for lang, file := range map[locale.Lang]string{locale.EN: "texts.en-US.json", locale.JA: "texts.ja.json"} {
		data, err := os.ReadFile("../../web/plugin/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var editor struct{ Run map[string]string }
		if err := json.Unmarshal(data, &editor); err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{"running", "waiting", "done", "failed", "cancelled"} {
			if here, there := lang.Text("console.run."+state), editor.Run[state]; here != there {
				t.Errorf("%s: %q here, %q in the editor", state, here, there)
			}
		}
	}
}
