package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"syscall"
	"time"

	"zhengtong/internal/deadline"
	"zhengtong/internal/document/font"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/document/render"
)

// pages drawn for the figure; the first ones warm up.
const (
	pages     = 60
	pagesWarm = 5
)

// measureRender draws one notice again and again and takes the processor time
// of the whole process, garbage collection included.
func measureRender(ctx context.Context, b *bench) ([]Row, error) {
	draw, err := noticeDrawer()
	if err != nil {
		return nil, err
	}
	var size int
	var began time.Duration
	for i := range pagesWarm + pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i == pagesWarm {
			if began, err = processorTime(); err != nil {
				return nil, err
			}
		}
		if size, err = draw(i); err != nil {
			return nil, err
		}
	}
	ended, err := processorTime()
	if err != nil {
		return nil, err
	}
	row := Row{Name: "render", What: "processor time (user and system) of a one-page acceptance notice: Chinese text, a table, seal and QR code, to PDF",
		Ours: float64((ended - began).Microseconds()) / pages / 1e3, Unit: "ms", Aim: atMost(10), Note: fmt.Sprintf("%d pages of %d bytes", pages, size)}
	again := func(_ context.Context, worker int) error { _, err := draw(worker); return err }
	return []Row{row.judged()}, b.profile(ctx, "render", again)
}

// noticeDrawer prepares what a process keeps (fonts, the layout) and returns what
// draws one page and says its size.
func noticeDrawer() (func(i int) (int, error), error) {
	source, err := testdata.ReadFile("testdata/notice.yaml")
	if err != nil {
		return nil, err
	}
	page, problems := layout.Decode(source)
	if len(problems) > 0 {
		return nil, fmt.Errorf("notice:\n%s", problems)
	}
	text, err := testdata.ReadFile("testdata/notice.json")
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, err
	}
	fonts, err := font.New()
	if err != nil {
		return nil, err
	}
	digest, err := render.ContentDigest("bench", values)
	if err != nil {
		return nil, err
	}
	assets := render.Assets{Fonts: fonts, Organisation: "双峰县市场监督管理局", VerifyURL: "https://www.example.gov.cn/verify/0123456789abcdef0123456789abcdef",
		Seal: render.Seal{Name: "双峰县市场监督管理局", Line: "行政许可专用章"}}
	day, err := deadline.ParseDate("2026-03-05")
	if err != nil {
		return nil, err
	}
	return func(i int) (int, error) {
		record := render.Record{Number: fmt.Sprintf("受〔2026〕双市监第%06d号", i), TemplateDigest: "bench", Values: values, ContentDigest: digest, IssuedOn: day}
		pdf, result, err := render.Render(record, page, assets)
		if err == nil && result.Pages != 1 {
			err = fmt.Errorf("the notice has %d pages", result.Pages)
		}
		return len(pdf), err
	}, nil
}

// processorTime is what this process has used so far.
func processorTime() (time.Duration, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err
}
