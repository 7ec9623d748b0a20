package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// mainQueue is the one asynq queue. Fairness between tenants is made where
// rows are claimed, not here.
const mainQueue = "default"

// Client enqueues tasks. It is safe for concurrent use.
type Client struct {
	redis   redis.UniversalClient
	tasks   *asynq.Client
	timeout time.Duration
}

// Connect returns a client of the Redis at address: redis://, rediss:// or
// redis-sentinel://. It does no I/O, so a process starts while Redis is away.
// timeout is the longest time a handler may take; it must be shorter than the
// lease of a dispatched row.
func Connect(address string, timeout time.Duration) (*Client, error) {
	if timeout <= 0 {
		return nil, errors.New("queue: the time a task may take must be greater than zero")
	}
	client, err := dial(address)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return &Client{redis: client, tasks: asynq.NewClientFromRedisClient(client), timeout: timeout}, nil
}

// A URL may hold a password, so it is never repeated in an error.
func dial(address string) (redis.UniversalClient, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the Redis address is not a URL")
	}
	if u.Scheme == "redis-sentinel" {
		options, err := asynq.ParseRedisURI(address)
		if err != nil {
			return nil, errors.New("the Redis address is not a Sentinel URL")
		}
		client, ok := options.MakeRedisClient().(redis.UniversalClient)
		if !ok {
			return nil, errors.New("the Redis address gives no client")
		}
		return client, nil
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("the Redis address is not a redis:// or rediss:// URL")
	}
	// A request must not hang while Redis is away: whoever waits tries again.
	options.MaxRetries, options.DialerRetries, options.DialTimeout = 1, 1, 2*time.Second
	return redis.NewClient(options), nil
}

// Enqueue hands a task to the workers. Enqueuing the same attempt twice is the
// same as once. While Redis is away the error is UNAVAILABLE, reason `queue`.
func (c *Client) Enqueue(ctx context.Context, task Task) error {
	payload, err := task.encode()
	if err != nil {
		return err
	}
	_, err = c.tasks.EnqueueContext(ctx, asynq.NewTask(task.Type, payload),
		asynq.TaskID(task.ID()), asynq.MaxRetry(0), asynq.Timeout(c.timeout), asynq.Queue(mainQueue))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return away("enqueue a task", err)
}

// pendingKey is the list in which asynq keeps waiting tasks. It is read
// directly: asynq's inspector does not find a queue any more after Redis was
// wiped, because a running client registers its queue only once.
const pendingKey = "asynq:{" + mainQueue + "}:pending"

// Depth returns how many tasks wait, for the metric of that name.
func (c *Client) Depth(ctx context.Context) (int64, error) {
	waiting, err := c.redis.LLen(ctx, pendingKey).Result()
	return waiting, away("count waiting tasks", err)
}

// Ping asks whether Redis answers, for /readyz. The error names no address.
func (c *Client) Ping(ctx context.Context) error {
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return errors.New("redis does not answer")
	}
	return nil
}

// Close ends the connections. Servers and buses made from this client must be stopped first.
func (c *Client) Close() error { return c.redis.Close() }

// LogTo sends what the Redis library has to say to log, at debug level: its
// calls return the same errors. The library has one logger for the whole
// process, so only main calls this, once.
func LogTo(log *slog.Logger) { redis.SetLogger(libraryLog{log}) }

type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Printf(ctx context.Context, format string, values ...any) {
	l.log.DebugContext(ctx, fmt.Sprintf(format, values...), "part", "redis")
}
