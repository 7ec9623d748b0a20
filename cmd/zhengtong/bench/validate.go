package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// rounds in which the packs are checked for the figure, beside one that warms up.
const validateRounds = 9

// workedPacks are the folders that hold the three worked examples, with their provinces: food business
// (promised, with a site inspection), parallel approval of a construction project, road occupation (tiered fees).
var workedPacks = []string{"hunan", "hubei"}

// measureValidate runs the whole publish check over the worked packs as one change on the national base,
// reading and parsing included, and takes the median.
func measureValidate(ctx context.Context, b *bench) ([]Row, error) {
	check, err := packChecker()
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	var report configuration.Report
	for range validateRounds + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		start := time.Now()
		report = check()
		took = append(took, time.Since(start))
	}
	if !report.OK() {
		return nil, fmt.Errorf("the packs have errors:\n%s", report.Problems.Errors())
	}
	took = took[1:]
	slices.Sort(took)
	row := Row{Name: "validate", What: "the publish check over the packs of the three worked examples as one change on the national base, from files to report",
		Ours: float64(took[len(took)/2].Milliseconds()) / 1e3, Unit: "s", Aim: atMost(1),
		Note: fmt.Sprintf("%d resources, %d matters, median of %d", report.Resources, report.Matters, len(took))}
	again := func(context.Context, int) error { check(); return nil }
	return []Row{row.judged()}, b.profile(ctx, "validate", again)
}

// packChecker reads the files once; each call checks them anew.
func packChecker() (func() configuration.Report, error) {
	national, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		return nil, err
	}
	base, err := configuration.BaseOf(national)
	if err != nil {
		return nil, err
	}
	var files []kind.File
	for _, folder := range workedPacks {
		more, err := kind.Files(tenants.FS(), folder)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return func() configuration.Report { return configuration.Validate(files, base) }, nil
}
