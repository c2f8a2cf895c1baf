// Package node is the contract between the engine and a node type.
//
// A node type is a struct whose tagged fields are its configuration, and a
// [Type] that registers it. What the struct implements says what it is:
//
//   - [Receiver]: handles a message in the partition's loop and must not block
//     (switch, change, template, function, catch …).
//   - [Planner]: touches the world. Plan renders and checks, the engine
//     reserves, then runs [Effect].Perform outside the loop (command,
//     slack-say, file …).
//   - [Asker]: asks a person; the engine owns the question (slack-ask).
//   - [Source]: brings events in (e-mail in, inject, http in).
//   - [Waker]: keeps messages in rows of [State] that fall due (delay).
//   - none of these: a config node or an inert one (connection, comment).
//
// Optionally a node implements [Provisioner] and [Closer]. All methods but
// Source.Run and Effect.Perform are called in the partition's loop, one at a
// time, so a node needs no locks. Time comes from [Env].Now and [Env].After,
// never from package time, so that the engine can run under a virtual clock.
//
// Errors that a node returns are for the person on duty: make them with
// [locale.Errorf]. An error that Plan, Receive or Perform returns goes to the
// catch nodes; only an error that wraps [ErrUnknown] does not: the effect may or
// may not have happened, and a person is asked.
package node
