package auth

import (
	_ "embed"

	"toban/internal/locale"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)
