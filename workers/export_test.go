package workers

// Hold runs f while this process relays nothing.
func (w *Workers) Hold(f func()) {
	w.pass.Lock()
	defer w.pass.Unlock()
	f()
}
