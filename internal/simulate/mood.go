package simulate

import "math/rand/v2"

// mood is how a history is inclined: some are calm and long, some are nothing
// but crashes. What is rare in one is frequent in another.
type mood struct {
	length   int // steps before it calms down
	mails    int
	fault    int // of a thousand chances, how often something goes wrong
	hurry    int // weight of time passing although somebody waits
	crash    int // weights of the moves
	stop     int
	deploy   int
	cancel   int
	turn     int // of the clock
	push     int // of a button
	people   int
	rehearse bool
}

func newMood(r *rand.Rand) mood {
	return mood{
		length: 40 + r.IntN(160), mails: 1 + r.IntN(5),
		fault: pick(r, 0, 5, 30, 120), hurry: pick(r, 0, 1, 6),
		crash: pick(r, 0, 0, 1, 3), stop: pick(r, 0, 0, 1), deploy: pick(r, 0, 0, 2, 5), cancel: pick(r, 0, 1, 4),
		turn: pick(r, 0, 0, 0, 1), push: pick(r, 0, 1), people: pick(r, 2, 8, 20),
		rehearse: r.IntN(25) == 0,
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
