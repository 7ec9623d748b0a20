package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Mail is one mail to one person, in plain text.
type Mail struct {
	ID      string // stable: its Message-ID
	To      string
	Subject string
	Body    string
	At      time.Time
}

// SMTP sends mail through a server: smtp:// in the clear (inside a network),
// smtp+starttls:// and smtps:// encrypted, with or without a user.
type SMTP struct {
	host    string
	from    string
	domain  string
	options []mail.Option
}

// mailTime bounds one sending.
const mailTime = 15 * time.Second

// NewSMTP reads the address of the server; from is the sender's.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the mail server's address is not a URL")
	}
	s := &SMTP{host: u.Hostname(), from: from, domain: u.Hostname(), options: []mail.Option{mail.WithTimeout(mailTime)}}
	port := 25
	switch u.Scheme {
	case "smtp":
		s.options = append(s.options, mail.WithTLSPolicy(mail.NoTLS))
	case "smtp+starttls":
		port = 587
		s.options = append(s.options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "smtps":
		port = 465
		s.options = append(s.options, mail.WithSSL())
	default:
		return nil, fmt.Errorf("the mail server's scheme is %q, want smtp, smtps or smtp+starttls", u.Scheme)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the mail server's port is not a number")
		}
	}
	s.options = append(s.options, mail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return s, nil
}

// Send hands one mail over. An error may come after the server has taken it.
func (s *SMTP) Send(ctx context.Context, m Mail) error {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(message.From(s.from), message.To(m.To)); err != nil {
		return errors.New("an address is not valid") // which one is personal data
	}
	message.SetMessageIDWithValue(m.ID + "@" + s.domain)
	message.SetDateWithValue(m.At)
	message.Subject(m.Subject)
	message.SetBodyString(mail.TypeTextPlain, m.Body)
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, message)
}
