package matter

import (
	"context"
	"fmt"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
)

// Sheet returns the service guide (办事指南) of a matter that the acting tenant lists
// for the public, under the version and digest that every face shows (R-CAT-13).
// NotFound for one that is absent, cancelled, internal or not listed.
func (s *Service) Sheet(ctx context.Context, name string) (*guide.Guide, error) {
	d, err := s.listed(ctx, name)
	if err != nil {
		return nil, err
	}
	if ready, ok := s.sheets.Get(d.Matter); ok {
		return ready, nil
	}
	made, err := s.compose(ctx, d)
	if err == nil {
		s.sheets.Add(d.Matter, made)
	}
	return made, err
}

// listed is a matter that the acting tenant lists for the public.
func (s *Service) listed(ctx context.Context, name string) (*configuration.Displayed, error) {
	d, err := s.configuration.Display(ctx, name)
	if err != nil {
		return nil, err
	}
	if spec := d.Matter.Spec; !spec.PublicListed || spec.BundleOnly || spec.IsInternal() {
		return nil, problem.Missing()
	}
	return d, nil
}

func (s *Service) compose(ctx context.Context, d *configuration.Displayed) (*guide.Guide, error) {
	g, parts := guide.Compose(d.Matter, d.Source)
	edition, err := s.configuration.Edition(ctx, d, parts)
	if err != nil {
		return nil, err
	}
	return g, g.Date(edition.String(), deadline.DateOf(edition.At, d.Live.Location))
}

// Format is how a guide is written.
type Format string

// The formats of a guide; each is also the ending of its address.
const (
	HTML Format = "html"
	PDF  Format = "pdf"
)

// Path is where everybody finds the guide of a matter in a format.
func Path(tenant, name string, f Format) string {
	return "/guides/" + tenant + "/" + name + "." + string(f)
}

// Paper finds the blank or the sample of a material that a guide offers; NotFound as for Sheet,
// and where there is none.
func (s *Service) Paper(ctx context.Context, name, paper, ref string) (guide.File, error) {
	d, err := s.listed(ctx, name)
	if err != nil {
		return guide.File{}, err
	}
	f, ok := guide.FindPaper(d.Matter, paper, ref)
	if !ok {
		return guide.File{}, problem.Missing()
	}
	return f, nil
}

// File writes a guide in a format. What was written is kept by digest, as much as
// fits; new PDFs are drawn at most so many a second for the whole process, so that
// whoever asks for all guides there are costs little more than one who asks for one:
// beyond that Unavailable "busy", retryable.
func (s *Service) File(ctx context.Context, g *guide.Guide, f Format) ([]byte, error) {
	key := g.Digest + "." + string(f)
	if ready, ok := s.files.Get(key); ok {
		return ready, nil
	}
	made, err, _ := s.writing.Do(key, func() (any, error) {
		file, err := s.write(g, f)
		if err == nil {
			s.files.Add(key, file)
		}
		return file, err
	})
	if err != nil {
		return nil, err
	}
	return made.([]byte), ctx.Err()
}

func (s *Service) write(g *guide.Guide, f Format) ([]byte, error) {
	switch f {
	case HTML:
		return guide.HTML(g, "/matters/"+g.Name+"?tenant="+g.Tenant, Path(g.Tenant, g.Name, PDF))
	case PDF:
		if s.fonts == nil {
			return nil, fmt.Errorf("matter: no fonts to print the guide of %s with", g.Name)
		}
		if !s.pace.Allow() {
			return nil, &problem.Error{Code: problem.Unavailable, Reason: "busy", Message: "正在生成其他办事指南，请稍后再试", Retryable: true, RetryAfter: time.Second}
		}
		return guide.PDF(g, s.fonts)
	}
	return nil, problem.Missing()
}
