package queue

import (
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"

	"zhengtong/internal/crypt"
)

// Embedded is a Redis inside this process (miniredis), on a free loopback
// port and behind a random password. It keeps nothing: after a restart all
// waiting work comes back from the database.
type Embedded struct {
	server *miniredis.Miniredis
	url    string
	stop   chan struct{}
	once   sync.Once
	ended  chan struct{}
}

// StartEmbedded starts the server.
func StartEmbedded() (*Embedded, error) {
	server := miniredis.NewMiniRedis()
	password := crypt.NewToken()
	server.RequireAuth(password)
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("embedded queue: %w", err)
	}
	e := &Embedded{server: server, url: "redis://:" + password + "@" + server.Addr() + "/0", stop: make(chan struct{}), ended: make(chan struct{})}
	go e.age()
	return e, nil
}

// URL returns the address for Connect. It holds the password.
func (e *Embedded) URL() string { return e.url }

// Stop ends the server and waits for its goroutines.
func (e *Embedded) Stop() {
	e.once.Do(func() { close(e.stop) })
	<-e.ended
}

// age lets keys expire: miniredis keys never do so by themselves.
func (e *Embedded) age() {
	defer close(e.ended)
	defer e.server.Close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			e.server.FastForward(time.Second)
		case <-e.stop:
			return
		}
	}
}
