package server

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"toban/internal/machine"
	"toban/internal/store"
)

// counters are what the observer counts.
type counters struct {
	steps   prometheus.Counter
	errors  prometheus.Counter
	runs    *prometheus.CounterVec
	commits prometheus.Histogram
}

func newCounters() *counters {
	c := &counters{
		steps:  prometheus.NewCounter(prometheus.CounterOpts{Name: "toban_steps_total", Help: "Messages delivered to nodes."}),
		errors: prometheus.NewCounter(prometheus.CounterOpts{Name: "toban_errors_total", Help: "Errors that no catch node took."}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "toban_commit_seconds",
			Help: "Time that a commit took until it was on stable storage.", Buckets: prometheus.ExponentialBuckets(0.0001, 2.5, 12)}),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "toban_runs_total",
			Help: "Runs that ended, by status. Of runs without any effect only those that were recorded."}, []string{"status"}),
	}
	for _, status := range []string{machine.RunDone, machine.RunFailed, machine.RunCancelled} {
		c.runs.WithLabelValues(status) // there from the start, so that the first failure shows as a rise
	}
	return c
}

// metricsHandler serves the metrics in Prometheus' format (GET /metrics).
func metricsHandler(cfg Config) http.Handler {
	r := prometheus.NewRegistry()
	c := cfg.Observer.metrics
	r.MustRegister(c.steps, c.errors, c.runs, c.commits, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), gauges{cfg})
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

// gauges are read when somebody asks.
type gauges struct{ cfg Config }

var (
	openQuestions = prometheus.NewDesc("toban_questions_open", "Questions that wait for an answer, at most 1000.", nil, nil)
	blocked       = prometheus.NewDesc("toban_partitions_blocked", "Partitions that can't write to the data folder.", nil, nil)
	waiting       = prometheus.NewDesc("toban_deliveries_waiting", "Messages that wait for delivery.", nil, nil)
	droppedRuns   = prometheus.NewDesc("toban_histories_dropped_total", "Histories of runs without any effect that were given up.", nil, nil)
	droppedLive   = prometheus.NewDesc("toban_comms_dropped_total", "Statuses and debug entries that slow editors did not get.", nil, nil)
)

// Describe names the gauges.
func (gauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- openQuestions
	ch <- blocked
	ch <- waiting
	ch <- droppedRuns
	ch <- droppedLive
}

// Collect reads them.
func (g gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := readContext()
	defer cancel()
	open, err := g.cfg.Store.Questions(ctx, store.QuestionFilter{State: store.Open, Limit: 1000})
	if err == nil {
		ch <- prometheus.MustNewConstMetric(openQuestions, prometheus.GaugeValue, float64(len(open)))
	}
	health := g.cfg.Engine.Health()
	ch <- prometheus.MustNewConstMetric(blocked, prometheus.GaugeValue, float64(len(health.Blocked)))
	ch <- prometheus.MustNewConstMetric(waiting, prometheus.GaugeValue, float64(health.Waiting))
	if dropped, err := g.cfg.Engine.Dropped(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(droppedRuns, prometheus.CounterValue, float64(dropped))
	}
	ch <- prometheus.MustNewConstMetric(droppedLive, prometheus.CounterValue, float64(g.cfg.Observer.hub.Dropped()))
}

var _ prometheus.Collector = gauges{}
