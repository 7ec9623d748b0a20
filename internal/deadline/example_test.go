package deadline_test

import (
	"fmt"

	"zhengtong/internal/deadline"
)

// A promised limit of ten working days, suspended for an inspection (T-13).
func ExampleClock_Due() {
	cal, problems := deadline.NewCalendar(deadline.CalendarSpec{
		Weekend: []string{"sat", "sun"}, WorkingHours: [][]string{{"09:00", "12:00"}, {"13:00", "17:00"}},
		PublishedThrough: "2026-12-31",
	})
	if len(problems) > 0 {
		fmt.Println(problems)
		return
	}
	day := deadline.MustDate
	clock, err := deadline.Start(deadline.Promised, deadline.Agency, deadline.Limit{N: 10, Unit: deadline.Workday}, day("2026-03-02"), cal)
	if err == nil {
		clock, err = clock.Suspend(day("2026-03-03"), "现场踏勘", "", "survey", cal)
	}
	if err == nil {
		clock, err = clock.Resume("survey", day("2026-03-05"))
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range clock.Due(cal).Explain {
		fmt.Println(line)
	}
	fmt.Println(clock.Remaining(day("2026-03-17"), cal), clock.Elapsed(day("2026-03-17"), cal))
	// Output:
	// 起算日 2026-03-02（星期一），当日不计入（民法典第二百零一条）
	// 期限 10个工作日，自次日起算，至 2026-03-16（星期一）
	// 不计休息日：周休日 4 天
	// 中止：2026-03-03 至 2026-03-05（现场踏勘）
	// 扣除 2个工作日（03-04、03-05），到期日由 2026-03-16 顺延至 2026-03-18（星期三）
	// 到期：2026-03-18（星期三）
	// 1 9
}
