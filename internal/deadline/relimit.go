package deadline

// Relimit gives a live clock another limit and keeps everything else of its ledger: it
// goes on counting from the day on which it started. It is refused when the clock has
// ended, and where extensions were granted in another unit than the new limit's.
func (c Clock) Relimit(limit Limit) (Clock, error) {
	if err := limit.Validate(); err != nil {
		return c, refuse(ReasonBadLimit, "%v", err)
	}
	if !c.Live() {
		return c, refuse(ReasonNotRunning, "期限已结束")
	}
	if len(c.Extensions) > 0 && limit.Unit != c.Limit.Unit {
		return c, refuse(ReasonBadLimit, "期限已按%s延长，不能改用%s", c.Limit.Unit.Title(), limit.Unit.Title())
	}
	c.Limit = limit
	return c, nil
}
