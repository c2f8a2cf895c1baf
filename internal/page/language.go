package page

import (
	"cmp"
	"net/http"

	"toban/internal/locale"
)

// languageCookie keeps the language that somebody chose.
const languageCookie = "toban_lang"

const year = 365 * 24 * 60 * 60 // seconds

// languages are those that a page can be read in, each by its own name.
var languages = []struct {
	lang locale.Lang
	name string
}{{locale.JA, "日本語"}, {locale.EN, "English"}}

// language is the reader's language: what the address asks for (lang=ja), what
// was chosen before, what the browser wants, else the server's.
func language(w http.ResponseWriter, r *http.Request, server locale.Lang) locale.Lang {
	if chosen, ok := spokenOne(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(chosen), Path: "/", MaxAge: year,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
		return chosen
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		if chosen, ok := spokenOne(c.Value); ok {
			return chosen
		}
	}
	lang := server
	if tags := r.Header.Get("Accept-Language"); tags != "" {
		lang = locale.Parse(tags)
	}
	known, _ := spokenOne(string(lang))
	return cmp.Or(known, locale.EN)
}

func spokenOne(tag string) (locale.Lang, bool) {
	for _, l := range languages {
		if string(l.lang) == tag {
			return l.lang, true
		}
	}
	return "", false
}

// languageLink leads to the same page in a language.
type languageLink struct {
	Name, Tag, To string
	Current       bool
}

func languageLinks(p Page) []languageLink {
	links := make([]languageLink, 0, len(languages))
	for _, l := range languages {
		links = append(links, languageLink{Name: l.name, Tag: string(l.lang), To: inOther(p, l.lang), Current: l.lang == p.Lang})
	}
	return links
}

// inOther is the page's address in a language; without an address of its own,
// relative to wherever the reader is.
func inOther(p Page, lang locale.Lang) string {
	if p.Here == nil {
		return "?lang=" + string(lang)
	}
	here, query := *p.Here, p.Here.Query()
	query.Set("lang", string(lang))
	return here.EscapedPath() + "?" + query.Encode()
}
