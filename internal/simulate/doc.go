// Package simulate plays seeded histories of the engine: a real engine over a
// real store, in a world of hosts, a desk with cards, a mailbox and people that
// the seed makes fail, crash, answer twice, deploy in the middle and turn the
// clock. The engine's promises (P1 to P5 in the README) are checked after every
// step.
//
// A history is exact: the same seed gives the same history. All that the engine
// does with the outside passes a gate (gate.go): a commit, a read, the start
// and the end of an effect, a card, a timer, and the turn of a partition's loop.
// Whoever comes to a gate waits there. Once every goroutine waits
// (synctest.Wait), the seed chooses who goes on, and how that turns out; only
// then the next step begins. Time is virtual and passes only when chosen.
//
// What is modelled and what is not stands in docs/reliability.md.
package simulate
