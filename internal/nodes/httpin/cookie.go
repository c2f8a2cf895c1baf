package httpin

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"toban/internal/locale"
	"toban/internal/message"
)

// setCookies sets those of msg.cookies: name to a text, or to an object with
// value and options. null, or value null, deletes the cookie.
func (r *reply) setCookies(v message.Value) error {
	all, ok := v.(*message.Object)
	if !ok {
		return nil
	}
	for name, v := range all.All() {
		if !httpguts.ValidHeaderFieldName(name) {
			return locale.Errorf("httpin.bad_header", "header", "Set-Cookie")
		}
		c := cookie(name, v)
		if err := c.Valid(); err != nil {
			return locale.Errorf("httpin.bad_header", "header", "Set-Cookie").Because(err)
		}
		r.header.Add("Set-Cookie", c.String())
	}
	return nil
}

func cookie(name string, v message.Value) *http.Cookie {
	c := &http.Cookie{Name: name, Path: "/"}
	options, ok := v.(*message.Object)
	if ok {
		v = options.Get("value")
		cookieOptions(c, options)
	}
	if _, isNull := v.(message.Null); isNull {
		c.Expires = time.Unix(1, 0)
		c.MaxAge = 0
		return c
	}
	text := message.ToString(v)
	if _, isObject := v.(*message.Object); isObject {
		text = "j:" + string(message.AppendJSON(nil, v))
	}
	c.Value = escapeComponent(text)
	return c
}

func cookieOptions(c *http.Cookie, o *message.Object) {
	if path := o.Text("path"); path != "" {
		c.Path = path
	}
	c.Domain = o.Text("domain")
	c.HttpOnly = message.Truthy(o.Get("httpOnly"))
	c.Secure = message.Truthy(o.Get("secure"))
	if d, ok := o.Get("expires").(message.Date); ok {
		c.Expires, _ = d.Time()
	}
	if ms, ok := o.Get("maxAge").(float64); ok {
		c.MaxAge = int(ms / 1000)
		if c.MaxAge <= 0 {
			c.MaxAge = -1
		}
	}
	switch s := o.Get("sameSite"); {
	case s == true || s == "strict":
		c.SameSite = http.SameSiteStrictMode
	case s == "lax":
		c.SameSite = http.SameSiteLaxMode
	case s == "none":
		c.SameSite = http.SameSiteNoneMode
	}
}

// escapeComponent is JavaScript's encodeURIComponent.
func escapeComponent(s string) string { return componentMarks.Replace(url.QueryEscape(s)) }

var componentMarks = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")
