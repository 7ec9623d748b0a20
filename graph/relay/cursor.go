package relay

import "context"

// Counter counts a connection's rows when totalCount is asked for.
type Counter func(context.Context) (int, error)
