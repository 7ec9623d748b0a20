package edge

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// address is the client's address: the connection's, or, behind trusted proxies,
// the last one in X-Forwarded-For that no trusted proxy has.
func (e *Edge) address(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !e.trusted(addr) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr
}

func (e *Edge) trusted(addr netip.Addr) bool {
	return slices.ContainsFunc(e.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// language picks English when Accept-Language prefers it to Chinese (RFC 9110 §12.5.4), Chinese otherwise.
func language(accept string) Language {
	best := map[Language]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil {
				continue
			}
		}
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if lang := Language(primary); lang == Chinese || lang == English {
			best[lang] = max(best[lang], q)
		}
	}
	if best[English] > best[Chinese] {
		return English
	}
	return Chinese
}
