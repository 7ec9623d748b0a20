package notify

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"zhengtong/internal/deadline"
	"zhengtong/schema/kind"
)

var place = regexp.MustCompile(`\{([a-z0-9_.]+)\}`)

// absent is written where a value is missing, so that a sentence still reads.
const absent = "——"

// fill puts values in the places of a text: `{case.no}`.
func fill(text string, values map[string]any) string {
	return place.ReplaceAllStringFunc(text, func(match string) string {
		var value any = values
		for step := range strings.SplitSeq(strings.Trim(match, "{}"), ".") {
			level, ok := value.(map[string]any)
			if !ok {
				return absent
			}
			value = level[step]
		}
		return words(value)
	})
}

// words writes a value as people read it: civil dates as 2026年3月5日.
func words(value any) string {
	switch value := value.(type) {
	case nil, map[string]any, []any:
		return absent
	case string:
		if value == "" {
			return absent
		}
		if date, err := deadline.ParseDate(value); err == nil {
			year, month, day := date.Civil()
			return fmt.Sprintf("%d年%d月%d日", year, month, day)
		}
		return value
	}
	return fmt.Sprint(value)
}

// quietUntil moves an instant inside the quiet hours to their end.
func quietUntil(at time.Time, quiet *kind.QuietHours, zone *time.Location) time.Time {
	if quiet == nil {
		return at
	}
	from, fromErr := clockTime(quiet.From)
	to, toErr := clockTime(quiet.To)
	if fromErr != nil || toErr != nil || from == to {
		return at
	}
	local := at.In(zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	now := local.Sub(midnight)
	switch {
	case from < to && now >= from && now < to, from > to && now < to:
		return midnight.Add(to).UTC()
	case from > to && now >= from:
		return midnight.AddDate(0, 0, 1).Add(to).UTC()
	}
	return at
}

func clockTime(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}
