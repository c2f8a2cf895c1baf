package js

import (
	"strings"
	"testing"

	"toban/internal/message"
)

// mail is a 2 kB message of the usual shape.
func mail() *message.Object {
	return message.NewObject(
		"_msgid", "0123456789abcdef",
		"topic", "[Action Required] AWS instance retirement scheduled",
		"payload", strings.Repeat("Dear customer, i-0abc123 is scheduled for retirement.\n", 32),
		"from", "no-reply@example.com",
		"date", message.Date(1.7e12),
		"header", message.NewObject("to", "ops@example.com", "x-mailer", "m", "n", 3.0, "ok", true),
		"attachments", message.NewArray(),
		"instances", message.NewArray("i-1", "i-2", "i-3"),
	)
}

func BenchmarkHandover(b *testing.B) {
	vm, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer vm.Close()
	s, err := Compile("f", "(function(msg){ msg.topic = msg.topic.toUpperCase(); return msg; })")
	if err != nil {
		b.Fatal(err)
	}
	f, err := vm.Load(s)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Free()
	msg := mail()
	b.ReportAllocs()
	for b.Loop() {
		arg, err := vm.ToJS(msg)
		if err != nil {
			b.Fatal(err)
		}
		out, err := vm.Call(f, arg)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := vm.FromJS(out); err != nil {
			b.Fatal(err)
		}
		out.Free()
		arg.Free()
	}
}

func BenchmarkNewVM(b *testing.B) {
	for b.Loop() {
		vm, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		vm.Close()
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := Compile("f", "(function(msg,node){\nvar a = msg.payload.split('\\n');\nmsg.payload = a.map(x => x.trim()).join(',');\nreturn msg;\n})"); err != nil {
			b.Fatal(err)
		}
	}
}
