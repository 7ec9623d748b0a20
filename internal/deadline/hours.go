package deadline

// AddHours counts n working hours from time at on day d and returns the day and
// the time at which they are used up (T-19; 民法典 art. 201(2): hours run from the
// moment itself). For a negative n it counts back, to the earliest time from which |n|
// working hours lead up to at.
func (c *Calendar) AddHours(d Date, at TimeOfDay, n int) (Date, TimeOfDay) {
	if n < 0 {
		return c.subSeconds(d, at, -n*3600)
	}
	return c.addSeconds(d, at, n*3600)
}

func (c *Calendar) addSeconds(d Date, at TimeOfDay, left int) (Date, TimeOfDay) {
	for left > 0 {
		if c.Working(d) {
			for _, s := range c.hours {
				if s.to <= at {
					continue
				}
				from := max(s.from, at)
				if have := int(s.to - from); have < left {
					left -= have
					continue
				}
				return d, from + TimeOfDay(left)
			}
		}
		next := c.NextWorkday(d)
		if next == d {
			return d, EndOfDay // the end of the calendar
		}
		d, at = next, 0
	}
	return d, at
}

// subSeconds goes back until left working seconds lie ahead, and then on through time
// that is not worked, so that the earliest such time is returned.
func (c *Calendar) subSeconds(d Date, at TimeOfDay, left int) (Date, TimeOfDay) {
	for {
		if c.Working(d) {
			for i := len(c.hours) - 1; i >= 0; i-- {
				s := c.hours[i]
				if s.from >= at {
					continue
				}
				to := min(s.to, at)
				if have := int(to - s.from); have <= left {
					left -= have
					continue
				}
				return d, to - TimeOfDay(left)
			}
		}
		before := c.AddWorkdays(d, -1)
		if before == d {
			return d, 0 // the start of the calendar
		}
		d, at = before, EndOfDay
	}
}

// secondsBetween counts working seconds from (d, at) to (e, to); 0 when the second is not later.
func (c *Calendar) secondsBetween(d Date, at TimeOfDay, e Date, to TimeOfDay) int {
	if e.Before(d) || e == d && to <= at {
		return 0
	}
	if d == e {
		return c.secondsOn(d, at, to)
	}
	whole := c.WorkdaysBetween(d, e.AddDays(-1))
	return c.secondsOn(d, at, EndOfDay) + whole*c.secondsPerDay() + c.secondsOn(e, 0, to)
}

func (c *Calendar) secondsOn(d Date, from, to TimeOfDay) int {
	if !c.Working(d) {
		return 0
	}
	n := 0
	for _, s := range c.hours {
		n += max(0, int(min(s.to, to)-max(s.from, from)))
	}
	return n
}

func (c *Calendar) secondsPerDay() int {
	n := 0
	for _, s := range c.hours {
		n += int(s.to - s.from)
	}
	return n
}
