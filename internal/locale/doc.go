// Package locale holds every text that Toban itself produces, in Japanese and
// English, and the errors that are made of such texts.
//
// A package keeps its texts beside its code in texts.json,
//
//	{"ssh.unknown_host_key": {"en": "… {host} …", "ja": "… {host} …"}}
//
// embeds the file and calls [Register] with it from a package variable:
//
//	//go:embed texts.json
//	var texts []byte
//	var _ = locale.Register(texts)
//
// Keys are unique over the whole program and begin with the package's or node
// type's name. A place like {host} is filled from the pairs given with the key.
// Core nodes use Node-RED's own catalogue keys where Node-RED has the text.
package locale
