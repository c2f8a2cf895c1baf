package locale

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var _ = Register([]byte(`{
  "locale.test.greeting": {"en": "Hello {name}, {name}!", "ja": "{name}さん、こんにちは"},
  "locale.test.outer": {"en": "{host} failed: {cause}", "ja": "{host} が失敗しました: {cause}"}
}`))

func TestText(t *testing.T) {
	for _, tc := range []struct {
		lang  Lang
		key   string
		pairs []any
		want  string
	}{
		{EN, "locale.test.greeting", []any{"name", "Hana"}, "Hello Hana, Hana!"},
		{JA, "locale.test.greeting", []any{"name", "森"}, "森さん、こんにちは"},
		{EN, "locale.test.greeting", nil, "Hello {name}, {name}!"},
		{EN, "locale.test.greeting", []any{"name", "{name}"}, "Hello {name}, {name}!"},
		{EN, "no.such.key", []any{"a", 1}, "no.such.key"},
		{Keys, "locale.test.greeting", []any{"name", "Hana"}, "locale.test.greeting"},
	} {
		if got := tc.lang.Text(tc.key, tc.pairs...); got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.lang, tc.key, got, tc.want)
		}
	}
}

// An error tells its reason in the reader's language, too.
func TestErrorAndItsCause(t *testing.T) {
	err := error(Errorf("locale.test.outer", "host", "web-1").Because(Errorf("locale.test.greeting", "name", "x")))
	wrapped := fmt.Errorf("step 3: %w", err)
	if got := JA.Err(wrapped); got != "web-1 が失敗しました: xさん、こんにちは" {
		t.Error(got)
	}
	if got := err.Error(); got != "web-1 failed: Hello x, x!" {
		t.Error(got)
	}
	if !HasKey(wrapped, "locale.test.greeting") || HasKey(wrapped, "other") || HasKey(nil, "other") {
		t.Error("HasKey")
	}
	if got := JA.Err(errors.New("plain")); got != "plain" {
		t.Error(got)
	}
}

func TestParse(t *testing.T) {
	for tags, want := range map[string]Lang{
		"ja": JA, "ja_JP.UTF-8": JA, "JA-jp": JA, "en-US,en;q=0.9,ja;q=0.8": EN, "fr-FR, ja;q=0.5": JA, "de": EN, "": EN, "C": EN,
	} {
		if got := Parse(tags); got != want {
			t.Errorf("%q: %s, want %s", tags, got, want)
		}
	}
}

func TestFromEnv(t *testing.T) {
	for _, name := range []string{"TOBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "ja_JP.UTF-8")
	if FromEnv() != JA {
		t.Error("LANG is not followed")
	}
	t.Setenv("TOBAN_LANG", "en")
	if FromEnv() != EN {
		t.Error("TOBAN_LANG doesn't come first")
	}
}

func TestDuration(t *testing.T) {
	for _, tc := range []struct {
		d      time.Duration
		en, ja string
	}{
		{30 * time.Minute, "30 min", "30 分"},
		{90 * time.Minute, "1 h 30 min", "1 時間 30 分"},
		{49*time.Hour + 5*time.Second, "2 d 1 h 5 s", "2 日 1 時間 5 秒"},
		{250 * time.Millisecond, "250ms", "250ms"},
	} {
		if en, ja := Duration(tc.d).In(EN), Duration(tc.d).In(JA); en != tc.en || ja != tc.ja {
			t.Errorf("%s: %q, %q", tc.d, en, ja)
		}
	}
	if got := JA.Text("locale.test.greeting", "name", Duration(time.Minute)); got != "1 分さん、こんにちは" {
		t.Error(got)
	}
}
