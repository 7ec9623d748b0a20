package chain

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"zhengtong/internal/audit/canonical"
)

// BrokenError says where a chain stops being believable and why: what follows
// is not looked at, because it hangs on what is broken.
type BrokenError struct {
	Seq    int64 // number the event should have
	Reason string
	Cause  error
}

// Error names the event and the reason.
func (e *BrokenError) Error() string {
	s := fmt.Sprintf("事件链在第 %d 个事件处中断：%s", e.Seq, e.Reason)
	if e.Cause != nil {
		s += "：" + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *BrokenError) Unwrap() error { return e.Cause }

// Verifier checks the events of one chain one after another, in constant memory.
type Verifier struct {
	head Link
	at   time.Time
}

// NewVerifier starts at a link: Genesis for a whole chain, or a link already trusted.
func NewVerifier(start Link) *Verifier { return &Verifier{head: start} }

// Head is the link after the last good event.
func (v *Verifier) Head() Link { return v.head }

// Add checks that an event follows: number, previous hash, payload root, own
// hash, and a time not before its predecessor's. It returns a *BrokenError and
// keeps its head when it does not.
func (v *Verifier) Add(e Event) error {
	broken := func(cause error, reason string) error {
		return &BrokenError{Seq: v.head.Seq + 1, Reason: reason, Cause: cause}
	}
	if e.Seq != v.head.Seq+1 {
		return broken(nil, fmt.Sprintf("序号为 %d", e.Seq))
	}
	if e.Prev != v.head.Hash {
		return broken(nil, "前序哈希不符")
	}
	if e.At.Before(v.at) {
		return broken(nil, "时间早于前一事件")
	}
	root, err := Root(e.Algorithm, e.Payload)
	if err != nil || root != e.Root {
		return broken(err, "内容与其根哈希不符")
	}
	sum, err := e.compute()
	if err != nil || sum != e.Hash {
		return broken(err, "事件哈希不符")
	}
	v.head, v.at = e.Link(), e.At
	return nil
}

// Verify checks a list of events from start and returns the link after the last
// one, or the last good link and a *BrokenError.
func Verify(start Link, events []Event) (Link, error) {
	v := NewVerifier(start)
	for _, e := range events {
		if err := v.Add(e); err != nil {
			return v.Head(), err
		}
	}
	return v.Head(), nil
}

// record is an event's exported shape.
type record struct {
	Algorithm Algorithm `json:"algorithm"`
	Seq       int64     `json:"seq"`
	Type      string    `json:"type"`
	Actor     string    `json:"actor"`
	At        string    `json:"at"`
	Payload   Payload   `json:"payload"`
	Root      string    `json:"root"`
	Prev      string    `json:"prev"`
	Hash      string    `json:"hash"`
}

// MarshalJSON writes the event as one line of canonical JSON.
func (e Event) MarshalJSON() ([]byte, error) {
	payload := e.Payload
	if payload == nil {
		payload = Payload{}
	}
	return canonical.Marshal(record{e.Algorithm, e.Seq, e.Type, e.Actor, e.At.UTC().Format(timeLayout), payload, e.Root, e.Prev, e.Hash})
}

// UnmarshalJSON reads an exported event; unknown fields are refused.
func (e *Event) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var r record
	if err := d.Decode(&r); err != nil {
		return err
	}
	at, err := time.Parse(timeLayout, r.At)
	if err != nil {
		return fmt.Errorf("time %q: %w", r.At, err)
	}
	*e = Event{r.Algorithm, r.Seq, r.Type, r.Actor, at, r.Payload, r.Root, r.Prev, r.Hash}
	return nil
}

// MaxLine bounds one exported event.
const MaxLine = 4 << 20

// Write exports events as JSON lines.
func Write(w io.Writer, events []Event) error {
	for _, e := range events {
		line, err := e.MarshalJSON()
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// VerifyLines checks an export made by Write, byte for byte: a line that is not
// in canonical form is broken even when its content is right. It returns the
// link after the last good event.
func VerifyLines(start Link, r io.Reader) (Link, error) {
	v := NewVerifier(start)
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return v.Head(), nil
		}
		if err != nil {
			return v.Head(), &BrokenError{Seq: v.head.Seq + 1, Reason: "无法读取", Cause: err}
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return v.Head(), &BrokenError{Seq: v.head.Seq + 1, Reason: "不是有效的事件", Cause: err}
		}
		if again, err := e.MarshalJSON(); err != nil || !bytes.Equal(again, line) {
			return v.Head(), &BrokenError{Seq: v.head.Seq + 1, Reason: "不是规范形式", Cause: err}
		}
		if err := v.Add(e); err != nil {
			return v.Head(), err
		}
	}
}

// readLine returns one line without its end; a last line that lacks its end is an error.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > MaxLine:
			return nil, fmt.Errorf("line longer than %d bytes", MaxLine)
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
