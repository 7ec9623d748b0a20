package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// samplePDF is a small valid PDF whose bytes depend on the text.
func samplePDF(text string) []byte {
	var b bytes.Buffer
	offsets := []int{}
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>")
	content := fmt.Sprintf("%% %x\n", text)
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// samplePNG is a small picture, a different one for each n.
func samplePNG(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range 16 {
		img.SetGray(i, (i*(n+1))%16, color.Gray{Y: uint8(200 - 40*n)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil { // a buffer takes every byte
		panic(err)
	}
	return b.Bytes()
}
