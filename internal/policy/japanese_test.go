package policy

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// instead are spellings and words that have a better one in the list of words
// in ARCHITECTURE.md, so that one thing has one name wherever people read it.
var instead = []struct {
	wrong *regexp.Regexp
	right string
}{
	{regexp.MustCompile(`(エディタ|コンピュータ|サーバ|タイマ|パラメータ|フィルタ|フォルダ|ブラウザ|ヘッダ|メンバ|ユーザ|ワイヤ)([^ーァ-ヺ]|$)`), "a long vowel at the end: サーバー"},
	{regexp.MustCompile(`(ディレクトリ|プロパティ|メモリ|ライブラリ|リポジトリ)ー`), "no long vowel: プロパティ"},
	{regexp.MustCompile(`指紋`), "フィンガープリント"},
	{regexp.MustCompile(`接続設定`), "SSH 接続, Slack 接続"},
	{regexp.MustCompile(`承認者`), "回答できる人"},
	{regexp.MustCompile(`答え(る|て|た|ま|は|が|で分)`), "回答"},
	{regexp.MustCompile(`模擬`), "シミュレーション"},
	{regexp.MustCompile(`既に`), "すでに"},
	{regexp.MustCompile(`：`), "a colon and a blank"},
	{regexp.MustCompile(`[ぁ-んァ-ヶー一-龠」）]\?`), "？"},
	{regexp.MustCompile(`[ぁ-んァ-ヶー一-龠][A-Za-z0-9]|[A-Za-z0-9][ぁ-んァ-ヶー一-龠]`), "a blank between Japanese and Latin letters or digits"},
}

// escaped are characters that a JSON file writes with a backslash.
var escaped = regexp.MustCompile(`\\[nt]`)

func TestJapaneseWords(t *testing.T) {
	for key, entry := range catalogue(t) {
		lookAtJapanese(t, key, entry.JA)
	}
	eachFile(t, func(name string, data []byte) {
		if japaneseFile(name) {
			for line := range strings.Lines(escaped.ReplaceAllString(string(data), " ")) {
				lookAtJapanese(t, name, line)
			}
		}
	})
}

// japaneseFile reports files, beside the catalogues, that people read in Japanese.
func japaneseFile(name string) bool {
	switch path.Ext(name) {
	case ".html", ".json", ".md":
		return strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), ".ja") || strings.HasPrefix(name, "web/overlay/ja/")
	default:
		return false
	}
}

func lookAtJapanese(t *testing.T, where, text string) {
	t.Helper()
	for _, rule := range instead {
		if found := rule.wrong.FindString(text); found != "" {
			t.Errorf("%s: %q; better: %s (in %q)", where, found, rule.right, strings.TrimSpace(text))
		}
	}
}
