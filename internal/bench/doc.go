// Package bench has the benchmarks behind docs/performance.md: the seed's pure
// part in messages a second, durable runs a second, start-up time and idle
// memory. `make bench` runs them, and Node-RED beside them.
package bench
