package caseworktest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/tenancy"
)

// PDF is the start of a PDF file, enough for its type to be found; its bytes depend on the text.
func PDF(text string) []byte { return fmt.Appendf(nil, "%%PDF-1.4\n%% %s\n%%%%EOF\n", text) }

// PNG is a small picture, a different one for each shade.
func PNG(shade uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	img.SetGray(0, 0, color.Gray{Y: shade})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes every byte
	}
	return b.Bytes()
}

// Announce asks for an upload as the caller of ctx, without sending the bytes.
func (c *County) Announce(ctx context.Context, owner uuid.UUID, material, filename, mime string, content []byte) *casework.FileObject {
	c.Helper()
	file, _, err := c.Cases.RequestUpload(ctx, casework.UploadInput{Owner: owner, Material: material, Filename: filename, MIME: mime,
		Size: int64(len(content)), SHA256: digest(content)})
	c.must(err)
	return file
}

// Send puts the announced bytes into quarantine, as a browser does with the signed address.
func (c *County) Send(ctx context.Context, file *casework.FileObject, content []byte) {
	c.Helper()
	tenant := tenancy.Acting(ctx)
	key := blob.Key{Tenant: tenant, Purpose: blob.Quarantine(file.ID.String()), Digest: digest(content)}
	c.must(c.objects.Put(ctx, tenant, key, bytes.NewReader(content), int64(len(content)), file.MIME))
}

// Upload announces, sends and completes a file and returns its id.
func (c *County) Upload(ctx context.Context, owner uuid.UUID, material, filename, mime string, content []byte) uuid.UUID {
	c.Helper()
	file := c.Announce(ctx, owner, material, filename, mime, content)
	c.Send(ctx, file, content)
	_, err := c.Cases.CompleteUpload(ctx, file.ID)
	c.must(err)
	return file.ID
}

// UploadPDF uploads a PDF named after its material.
func (c *County) UploadPDF(ctx context.Context, owner uuid.UUID, material string) uuid.UUID {
	c.Helper()
	return c.Upload(ctx, owner, material, material+".pdf", "application/pdf", PDF(material+owner.String()))
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
