package workers

// Bell lets a commit wake the relay of its own process, so that effects need
// not wait for the next poll. Rings that come together are one.
type Bell struct{ c chan struct{} }

// NewBell returns a bell that nobody has rung.
func NewBell() *Bell { return &Bell{c: make(chan struct{}, 1)} }

// Ring never waits.
func (b *Bell) Ring() {
	select {
	case b.c <- struct{}{}:
	default:
	}
}
