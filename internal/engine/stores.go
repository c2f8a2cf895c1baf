package engine

import "toban/internal/message"

// contextStore resolves the name of a context store by the runtime setting
// contextStorage, with Node-RED's rules: "default" may be the name of another
// store, without it the first one listed is the default, and a store that isn't
// listed is the default too. "" is the default one.
func (e *Engine) contextStore(name string) string {
	if name == "" || name == "default" || e.cfg.Setting == nil {
		return ""
	}
	stores, _ := e.cfg.Setting("contextStorage").(*message.Object)
	if stores == nil {
		return ""
	}
	if _, listed := stores.Lookup(name); !listed || name == defaultStore(stores) {
		return ""
	}
	return name
}

func defaultStore(stores *message.Object) string {
	if v, has := stores.Lookup("default"); has {
		alias, _ := v.(string)
		return alias
	}
	if stores.Len() == 0 {
		return ""
	}
	return stores.Keys()[0]
}
