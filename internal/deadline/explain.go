package deadline

// notes collects the lines of an explanation. A nil *notes collects nothing, so
// that plain computation costs nothing.
type notes struct {
	cal   *Calendar
	lines []string
}

func (n *notes) start(c Clock, due Date, at TimeOfDay)            {}
func (n *notes) extension(unit Unit, s stage, before, after Date) {}
func (n *notes) floor(s Segment)                                  {}
func (n *notes) shift(f *fold, days int, before Date)             {}
func (n *notes) roll(before, after Date)                          {}
func (n *notes) finish(due Due) []string                          { return nil }
