// Package js runs JavaScript of flows: function nodes, and whatever else needs
// an engine. It is a thin layer over QuickJS (modernc.org/quickjs) that adds
// what flows take for granted and QuickJS lacks (Buffer, console, timers,
// TextEncoder, URL …), limits on time and memory, and a typed hand-over of
// [message.Value] in both directions.
//
// The hand-over walks values in Go on the engine's own functions instead of
// printing and parsing JSON: it keeps undefined, NaN, -0, Buffer, Date, Error
// and the order of properties, and is several times faster (see
// BenchmarkHandover).
//
// A [VM] belongs to one partition's loop: nothing here starts a goroutine, and
// only [VM.Interrupt] may be called from elsewhere. Timers are the host's: the
// VM asks for them through [Options] and the host calls [VM.Fire].
package js
