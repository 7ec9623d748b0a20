package pack

import (
	"archive/zip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/audit/chain"
)

// Source is a file to pack. Open is called once, when its turn comes.
type Source struct {
	Path string
	Role Role
	MIME string
	Open func(context.Context) (io.ReadCloser, error)
}

// Write packs sources into w and returns the manifest it wrote last. It streams:
// memory does not grow with the files. The events source is verified as it
// passes, and its count and head go into the manifest: a broken chain is not
// archived (*chain.BrokenError). What has been written is worthless after an error.
func Write(ctx context.Context, w io.Writer, header Header, sources []Source) (Manifest, error) {
	header.Format = Format
	if err := header.check(); err != nil {
		return Manifest{}, err
	}
	sources = slices.SortedFunc(slices.Values(sources), byPath)
	m := Manifest{Header: header, Items: make([]Item, len(sources))}
	for i, s := range sources {
		m.Items[i] = Item{Path: s.Path, Role: s.Role, MIME: s.MIME}
	}
	if err := checkItems(m.Items); err != nil {
		return Manifest{}, err
	}
	archive := zip.NewWriter(w)
	for i, s := range sources {
		if err := ctx.Err(); err != nil {
			return Manifest{}, err
		}
		if err := writeItem(ctx, archive, s, &m, &m.Items[i]); err != nil {
			return Manifest{}, fmt.Errorf("pack %s: %w", s.Path, err)
		}
	}
	if err := writeManifest(archive, &m); err != nil {
		return Manifest{}, err
	}
	return m, archive.Close()
}

// create begins a stored file without a date.
func create(archive *zip.Writer, name string) (io.Writer, error) {
	return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
}

func writeItem(ctx context.Context, archive *zip.Writer, s Source, m *Manifest, item *Item) (err error) {
	in, err := s.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := create(archive, s.Path)
	if err != nil {
		return err
	}
	newHash, err := newHash(m.Algorithm)
	if err != nil {
		return err
	}
	sum := newHash()
	if s.Role != RoleEvents {
		item.Size, err = copyHashed(out, sum, in)
	} else {
		item.Size, err = copyEvents(out, sum, in, m)
	}
	item.Digest = hex.EncodeToString(sum.Sum(nil))
	return err
}

func copyHashed(out io.Writer, sum hash.Hash, in io.Reader) (int64, error) {
	return io.Copy(io.MultiWriter(out, sum), in)
}

// copyEvents passes the events through the verifier on their way.
func copyEvents(out io.Writer, sum hash.Hash, in io.Reader, m *Manifest) (int64, error) {
	start, err := chain.Genesis(m.Chain.Algorithm, m.Tenant, m.Chain.Subject)
	if err != nil {
		return 0, err
	}
	counted := &counter{}
	head, err := chain.VerifyLines(start, io.TeeReader(in, io.MultiWriter(out, sum, counted)))
	if err != nil {
		return counted.n, err
	}
	if head.Seq == 0 {
		return counted.n, errors.New("the case has no events")
	}
	if m.Chain.Head != "" && m.Chain.Head != head.Hash {
		return counted.n, fmt.Errorf("the events end at %s, the case at %s", head.Hash, m.Chain.Head)
	}
	m.Chain.Events, m.Chain.Head = head.Seq, head.Hash
	return counted.n, nil
}

// counter counts the bytes written to it.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func writeManifest(archive *zip.Writer, m *Manifest) error {
	var err error
	if m.Root, err = m.rootOf(); err != nil {
		return err
	}
	data, err := canonical.Marshal(m)
	if err != nil {
		return err
	}
	out, err := create(archive, ManifestName)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}
