package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"

	"zhengtong/internal/clock"
)

// clockControl serves /debug/clock on loopback: GET tells the virtual instant,
// POST {"to": RFC 3339} moves it forward and returns when everything due by then
// has been handled.
type clockControl struct {
	virtual *clock.Virtual
	advance func(ctx context.Context, to time.Time) error // by way of everything due on the way
}

func (c *clockControl) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) {
		http.NotFound(w, r)
		return
	}
	switch r.Method {
	case http.MethodGet:
		c.answer(w, nil)
	case http.MethodPost:
		c.answer(w, c.move(w, r))
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

func (c *clockControl) move(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		To time.Time `json:"to"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return errors.Join(errBadClock, err)
	}
	if body.To.Before(c.virtual.Now()) {
		return errors.Join(errBadClock, clock.ErrBackwards)
	}
	return c.advance(r.Context(), body.To)
}

// errBadClock marks a request that cannot be carried out: no instant, or one in the past.
var errBadClock = errors.New("the clock moves forward to an RFC 3339 instant only")

func (c *clockControl) answer(w http.ResponseWriter, err error) {
	body := map[string]any{"now": c.virtual.Now()}
	status := http.StatusOK
	if err != nil {
		body["error"] = err.Error()
		status = http.StatusServiceUnavailable
		if errors.Is(err, errBadClock) {
			status = http.StatusBadRequest
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone if this fails
}

func loopback(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
