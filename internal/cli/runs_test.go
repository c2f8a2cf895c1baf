package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
)

// api answers as the server's API does, to whoever is signed in.
func api(t *testing.T) (*httptest.Server, *[]string) {
	t.Helper()
	var asked []string
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("username") != "admin" || r.FormValue("password") != "secret" || r.FormValue("grant_type") != "password" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"t0ken","expires_in":60,"token_type":"Bearer"}`)
	})
	signedIn := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.String())
			if r.Header.Get("Authorization") != "Bearer t0ken" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = io.WriteString(w, body)
		}
	}
	mux.HandleFunc("GET /api/runs", signedIn(`{"runs":[
		{"id":"06a1b2c3d4e5f6g7h8j9k0m1","status":"waiting","flow":"t1","flowName":"EC2","title":"[AWS] メンテナンスのお知らせ：インスタンスの再起動が予定されています",
		 "waiting":"asking","rehearsal":true,"startedAt":"2026-11-24T06:00:00Z"},
		{"id":"06a1b2c3d4e5f6g7h8j9k0m0","status":"failed","flow":"t1","flowName":"EC2","error":"connection refused","startedAt":"2026-11-24T05:00:00Z","endedAt":"2026-11-24T05:00:01Z"}]}`))
	mux.HandleFunc("GET /api/runs/waits", signedIn(`{"id":"waits","status":"waiting","waiting":"asking","flow":"t1","rehearsal":true,
		"startedAt":"2026-11-24T05:00:00Z","steps":[
		{"seq":0,"node":"n0","type":"change","status":"done","startedAt":"2026-11-24T05:00:00Z","durationMs":0.011},
		{"seq":1,"node":"n1","type":"slack-say","status":"done","startedAt":"2026-11-24T05:00:00Z","durationMs":118540.166}]}`))
	mux.HandleFunc("GET /api/questions", func(w http.ResponseWriter, r *http.Request) {
		soon := time.Now().Add(28*time.Minute + 30*time.Second).Format(time.RFC3339)
		later := time.Now().Add(time.Hour + 30*time.Second).Format(time.RFC3339)
		questions := `{"run":"06a1b2c3d4e5f6g7h8j9k0m1","title":"再起動してよいですか","deadline":"` + soon + `"}`
		if r.FormValue("run") == "waits" {
			questions = `{"run":"waits","title":"Later?","deadline":"` + later + `"},{"run":"waits","title":"Stop i-1?","deadline":"` + soon + `"}`
		}
		signedIn(`{"questions":[`+questions+`]}`)(w, r)
	})
	mux.HandleFunc("POST /api/runs/{id}/rehearse", signedIn(`{"run":"r2"}`))
	mux.HandleFunc("GET /api/runs/long", func(w http.ResponseWriter, r *http.Request) {
		page := map[string]string{"0": `{"id":"long","steps":[{"seq":0,"node":"first","type":"a"}],"next":1}`,
			"1": `{"id":"long","steps":[{"seq":1,"node":"second","type":"b"}]}`}[r.FormValue("from")]
		signedIn(page)(w, r)
	})
	mux.HandleFunc("GET /api/runs/{id}", signedIn(`{"id":"r1","status":"failed","flow":"t1","flowName":"EC2","title":"mail","error":"boom",
		"startedAt":"2026-11-24T05:00:00Z","endedAt":"2026-11-24T05:00:01.5Z","steps":[
		{"seq":0,"node":"n0","type":"e-mail in","status":"done","startedAt":"2026-11-24T05:00:00Z","outputs":[{"port":0,"msg":{"topic":"mail"}}]},
		{"seq":1,"node":"n1","nodeName":"停止","type":"command","status":"failed","startedAt":"2026-11-24T05:00:00Z","durationMs":1499.5,"input":{"topic":"mail"},"error":"boom"}]}`))
	mux.HandleFunc("POST /api/runs/{id}/cancel", signedIn(``))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	t.Setenv("TOBAN_URL", srv.URL)
	t.Setenv("TOBAN_ADMIN_PASSWORD", "secret")
	return srv, &asked
}

func TestRunsLs(t *testing.T) {
	_, asked := api(t)
	got := command(t, locale.EN, "", "runs", "ls", "--status", "waiting", "--limit", "5")
	if got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	lines := strings.Split(strings.TrimRight(got.stdout, "\n"), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "RUN ") || !strings.Contains(lines[3], "EC2 – connection") {
		t.Errorf("printed\n%s", got.stdout)
	}
	for _, line := range lines {
		if locale.Columns(line) > lineWidth {
			t.Errorf("%d columns: %s", locale.Columns(line), line)
		}
	}
	if want := "GET /api/runs?limit=5&status=waiting"; (*asked)[0] != want {
		t.Errorf("asked %s, want %s", (*asked)[0], want)
	}
}

// What a run waits for reads as a person asks it: which question, and how long it
// can still be answered. A rehearsal is told from the real thing.
func TestRunsSayWhatTheyWaitFor(t *testing.T) {
	api(t)
	for lang, want := range map[locale.Lang][]string{
		locale.EN: {"  waiting    [rehearsal] [AWS] ", "\n    waits for an answer · 28 min left · “再起動してよいですか”\n"},
		locale.JA: {"  waiting    ［予行演習］ [AWS] ", "\n    回答待ち・残り 28 分「再起動してよいですか」\n"},
	} {
		got := command(t, lang, "", "runs", "ls")
		for _, text := range want {
			if !strings.Contains(got.stdout, text) {
				t.Errorf("%q is missing in\n%s%s", text, got.stdout, got.stderr)
			}
		}
	}
	got := command(t, locale.EN, "", "runs", "show", "waits")
	for _, text := range []string{
		"waiting [rehearsal]\n",
		"WAITS FOR   waits for an answer · 28 min left · “Stop i-1?”\nWAITS FOR   waits for an answer · 1 h left · “Later?”\n",
		"  done         < 1 ms         n0 (change)\n", "  done         1 min 58 s     n1 (slack-say)\n",
	} {
		if !strings.Contains(got.stdout, text) {
			t.Errorf("%q is missing in\n%s%s", text, got.stdout, got.stderr)
		}
	}
}

func TestRunsShow(t *testing.T) {
	api(t)
	got := command(t, locale.JA, "", "runs", "show", "r1", "--full")
	for _, want := range []string{"EC2 t1", "1.5 秒", "停止 (command)", "boom", `"topic": "mail"`} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing in\n%s%s", want, got.stdout, got.stderr)
		}
	}
	if short := command(t, locale.JA, "", "runs", "show", "r1"); strings.Contains(short.stdout, `"topic"`) {
		t.Errorf("values without --full:\n%s", short.stdout)
	}
}

// A run that comes in pages is shown as one.
func TestRunsShowAllSteps(t *testing.T) {
	_, asked := api(t)
	got := command(t, locale.EN, "", "runs", "show", "long")
	if !strings.Contains(got.stdout, "first (a)") || !strings.Contains(got.stdout, "second (b)") || len(*asked) != 2 {
		t.Errorf("asked %v, printed\n%s%s", *asked, got.stdout, got.stderr)
	}
}

func TestRunsRehearse(t *testing.T) {
	_, asked := api(t)
	got := command(t, locale.JA, "", "runs", "rehearse", "r1")
	if (*asked)[0] != "POST /api/runs/r1/rehearse" || !strings.Contains(got.stdout, "r2") {
		t.Errorf("asked %v, printed %s%s", *asked, got.stdout, got.stderr)
	}
}

func TestRunsAsJSON(t *testing.T) {
	api(t)
	if got := command(t, locale.EN, "", "runs", "ls", "--json"); !strings.HasPrefix(got.stdout, "{\n  \"runs\": [") {
		t.Errorf("%+v", got)
	}
}

func TestRunsCancel(t *testing.T) {
	_, asked := api(t)
	got := command(t, locale.EN, "", "runs", "cancel", "a/b")
	if got.code != exitOK || (*asked)[0] != "POST /api/runs/a%2Fb/cancel" {
		t.Errorf("%+v, asked %v", got, *asked)
	}
}

// Each failure says what to do.
func TestRunsFailures(t *testing.T) {
	srv, _ := api(t)
	for name, tc := range map[string]struct{ url, password, want string }{
		"no server":      {"http://127.0.0.1:1", "secret", "toban serve"},
		"wrong password": {srv.URL, "wrong", "TOBAN_ADMIN_PASSWORD"},
		"not signed in":  {srv.URL, "", "TOBAN_TOKEN"},
		"bad address":    {"::", "secret", "TOBAN_URL"},
		"nothing there":  {srv.URL + "/elsewhere", "", "/api/runs"},
	} {
		got := command(t, locale.EN, "", "runs", "ls", "--url", tc.url, "--password", tc.password)
		if got.code != exitFailed || !strings.Contains(got.stderr, tc.want) {
			t.Errorf("%s: exit code %d, %s", name, got.code, got.stderr)
		}
	}
}
