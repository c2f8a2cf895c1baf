package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestConsole looks at the console's pages in a real browser, in both languages,
// on a phone and on a desk: they work, nothing is wider than the window, and axe
// finds nothing. The program is browser/console.mjs.
func TestConsole(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../web/node_modules/axe-core/package.json"); err != nil {
		t.Skip("needs axe-core in web/node_modules: make assets")
	}
	node, chromium := needs(t, "nodejs", "node"), needs(t, "chromium", "chromium", "chromium-browser", "google-chrome")
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			d := onDuty(t, lang)
			d.night()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, node, "browser/console.mjs")
			cmd.Env = append(os.Environ(), "TOBAN_URL="+d.url, "TOBAN_PASSWORD="+adminPassword, "CHROMIUM="+chromium, "PAGE_LANG="+lang, "SHOTS="+shotsDir(t, "console-"+lang))
			out, err := cmd.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Error(err)
			}
		})
	}
}
