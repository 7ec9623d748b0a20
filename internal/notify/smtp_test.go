package notify_test

import (
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// mailbox is a mail server that takes what it is given, or refuses the first mails.
type mailbox struct {
	listener net.Listener
	wait     sync.WaitGroup

	mu     sync.Mutex
	refuse int // mails to refuse before taking one
	took   []*mail.Message
	texts  []string
}

func newMailbox(t *testing.T, refuse int) *mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{listener: listener, refuse: refuse}
	m.wait.Go(m.serve)
	t.Cleanup(func() {
		listener.Close()
		m.wait.Wait()
	})
	return m
}

func (m *mailbox) url() string { return "smtp://" + m.listener.Addr().String() }

func (m *mailbox) serve() {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return
		}
		m.wait.Go(func() { m.talk(conn) })
	}
}

// talk is the server's side of RFC 5321, as far as one plain mail needs it.
func (m *mailbox) talk(conn net.Conn) {
	defer conn.Close()
	text := textproto.NewConn(conn)
	say := func(line string) bool { return text.PrintfLine("%s", line) == nil }
	say("220 mailbox ESMTP")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch {
		case verb == "EHLO":
			say("250-mailbox")
			say("250 8BITMIME")
		case verb == "DATA" && m.refused():
			say("451 try again later")
		case verb == "DATA":
			say("354 go on")
			if m.take(text.DotReader()) != nil {
				return
			}
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (m *mailbox) refused() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse--
	return m.refuse >= 0
}

func (m *mailbox) take(body io.Reader) error {
	message, err := mail.ReadMessage(body)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(message.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took, m.texts = append(m.took, message), append(m.texts, string(text))
	return err
}
