package deadline

import "time"

// ReceiptPolicy is a tenant's policy on filings outside office hours (T-03).
type ReceiptPolicy string

// The two policies. SameDay is the default and the stricter one on the agency.
const (
	SameDay        ReceiptPolicy = "same_day"
	NextWorkingDay ReceiptPolicy = "next_working_day"
)

// ReceiptDate returns the day from which the acceptance clock of an electronic
// filing runs. A filing is received the instant it enters the platform, on any day at
// any hour (T-03). Under NextWorkingDay one that enters on a day off or after the
// close of office hours counts as received on the next working day; one before
// opening counts on the day itself. An empty policy is SameDay.
func ReceiptDate(at time.Time, loc *time.Location, policy ReceiptPolicy, cal *Calendar) Date {
	if policy != NextWorkingDay {
		return DateOf(at, loc)
	}
	return cal.officeDay(at, loc)
}

// InstantDue returns the day by whose end an instant matter (即办件) must be decided:
// the day it is taken, or the next working day when that is a day off or after the
// close of office hours (T-19).
func InstantDue(at time.Time, loc *time.Location, cal *Calendar) Date {
	return cal.officeDay(at, loc)
}

// officeDay returns the day of at while its office hours are not over, and the next working day otherwise.
func (c *Calendar) officeDay(at time.Time, loc *time.Location) Date {
	d := DateOf(at, loc)
	if c.Working(d) && TimeOfDayAt(at, loc) <= c.hours[len(c.hours)-1].to {
		return d
	}
	return c.NextWorkday(d)
}
