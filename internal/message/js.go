package message

import "fmt"

// ToString is JavaScript's String(v).
func ToString(v Value) string { return fmt.Sprint(v) }
