package telemetry

import (
	"database/sql"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the numbers of one process, all named `zhengtong_…`. No label
// carries a tenant, a person or a case: a label value costs memory for ever
// (I9), and metrics are read by operators, not by governments.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
	jobTime  *prometheus.HistogramVec
}

// NewMetrics returns an own registry with the Go runtime and process
// collectors and Zhengtong's set.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengtong_requests_total", Help: "Answered operations by name and problem code (OK when none)."}, []string{"operation", "code"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengtong_request_seconds", Help: "Time to answer an operation.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .2, .3, .5, 1, 2.5, 5, 10, 30}}, []string{"operation"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengtong_jobs_total", Help: "Handled background tasks by type and outcome (done, failed, dead)."}, []string{"type", "outcome"}),
		jobTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengtong_job_seconds", Help: "Time to handle a background task.",
			Buckets: []float64{.005, .025, .1, .5, 1, 5, 30, 120}}, []string{"type"}),
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.latency, m.jobs, m.jobTime)
	return m
}

// Request counts one answered operation. operation must come from a closed
// list (schema field or route), never from what the client wrote; code is a
// problem code or "" for success.
func (m *Metrics) Request(operation, code string, took time.Duration) {
	if code == "" {
		code = "OK"
	}
	m.requests.WithLabelValues(operation, code).Inc()
	m.latency.WithLabelValues(operation).Observe(took.Seconds())
}

// Job counts one handled background task.
func (m *Metrics) Job(kind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Inc()
	m.jobTime.WithLabelValues(kind).Observe(took.Seconds())
}

// OutboxLag registers the age in seconds of the oldest undelivered outbox row; read is called at each scrape.
func (m *Metrics) OutboxLag(read func() float64) {
	m.gauge("zhengtong_outbox_lag_seconds", "Age of the oldest outbox row not yet relayed.", nil, read)
}

// QueueDepth registers the number of waiting tasks of a queue; read is called at each scrape.
func (m *Metrics) QueueDepth(queue string, read func() float64) {
	m.gauge("zhengtong_queue_depth", "Tasks waiting in a queue.", prometheus.Labels{"queue": queue}, read)
}

// Pool registers the statistics of a database pool under name.
func (m *Metrics) Pool(name string, db *sql.DB) {
	labels := prometheus.Labels{"pool": name}
	m.gauge("zhengtong_database_connections", "Open database connections.", labels, func() float64 { return float64(db.Stats().OpenConnections) })
	m.gauge("zhengtong_database_connections_used", "Database connections in use.", labels, func() float64 { return float64(db.Stats().InUse) })
	m.gauge("zhengtong_database_wait_seconds", "Total time spent waiting for a database connection.", labels, func() float64 { return db.Stats().WaitDuration.Seconds() })
}

func (m *Metrics) gauge(name, help string, labels prometheus.Labels, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// Register adds a collector of another package. It panics when the name is
// taken, which is a mistake of the program.
func (m *Metrics) Register(c prometheus.Collector) { m.registry.MustRegister(c) }

// Handler serves /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}
