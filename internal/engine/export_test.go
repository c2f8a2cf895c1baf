package engine

// Kill ends the engine as a crash would: nothing more is committed, nothing is
// waited for but its goroutines.
func (e *Engine) Kill() {
	e.stopping.Store(true)
	for _, p := range e.allPartitions() {
		p.stop()
	}
	e.cancel()
	e.loops.Wait()
	e.work.Wait()
	e.stopDeadlines()
	e.ended.Store(true)
}
