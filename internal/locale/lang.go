package locale

import (
	"os"
	"strings"
)

// Lang is a language that Toban speaks.
type Lang string

// The languages. Keys stands for no language: texts are their own keys, which
// is how Node-RED's specs want their log entries.
const (
	EN   Lang = "en"
	JA   Lang = "ja"
	Keys Lang = "keys"
)

// Parse gives the language of a tag such as "ja", "ja-JP", "ja_JP.UTF-8" or an
// Accept-Language header; the first one that Toban speaks wins, else EN.
func Parse(tags string) Lang {
	for tag := range strings.SplitSeq(tags, ",") {
		switch tag = strings.ToLower(strings.TrimSpace(tag)); {
		case strings.HasPrefix(tag, "ja"):
			return JA
		case strings.HasPrefix(tag, "en"):
			return EN
		case tag == "keys":
			return Keys
		}
	}
	return EN
}

// FromEnv gives the server's language: TOBAN_LANG, else LC_ALL, LC_MESSAGES or LANG, else EN.
func FromEnv() Lang {
	for _, name := range []string{"TOBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return Parse(v)
		}
	}
	return EN
}
