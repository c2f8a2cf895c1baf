# Toban. `make demo` shows it, `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := build

GO ?= go
GOLANGCI_LINT_VERSION := v2.15.0
ARGS ?=
# Packages whose goroutines share memory are tested under the race detector.
RACE := ./internal/engine/... ./internal/machine/... ./internal/store/... ./internal/slack/... \
	./internal/sshx/... ./internal/mailx/... ./internal/comms/... ./internal/bridge/... ./internal/server/... ./internal/auth/... ./internal/console/... ./internal/library/... \
	./internal/probe/... ./internal/app/... ./internal/doctor/...
REPORT := $(GO) run ./tools/testreport

.PHONY: build demo test e2e soak bench conformance lint assets parts clean

## build: the binary, in bin/
build: assets
	$(GO) build -o bin/toban ./cmd/toban

## demo: everything simulated, in the browser; ARGS=--auto plays it in the terminal
demo: build
	bin/toban demo $(ARGS)

## test: all tests; on Debian as root the real servers that they talk to are installed first
test: assets parts
	scripts/gotest.sh all $(RACE)

## e2e: only the tests against real servers (Dovecot, OpenSSH, aws, Chromium)
e2e: assets parts
	$(GO) test -count=1 -timeout 20m -json ./e2e/... | $(REPORT)

## soak: random crashes and the seeded simulation for DURATION (1h)
soak: assets parts
	scripts/soak.sh

## bench: the figures of docs/performance.md
bench:
	scripts/bench.sh

## conformance: Node-RED's own specs; NR_ROOT is a checkout of node-red 5.0.x, RUNNER its runner
conformance: build
	scripts/conformance.sh $(ARGS)

## lint: linters, imports and the other repo policies, cross builds
lint: assets bin/golangci-lint-$(GOLANGCI_LINT_VERSION)
	bin/golangci-lint-$(GOLANGCI_LINT_VERSION) run ./...
	$(GO) test ./internal/policy
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/toban
	GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/toban

bin/golangci-lint-$(GOLANGCI_LINT_VERSION):
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv bin/golangci-lint $@

## assets: the flow editor, from npm packages, into web/dist; without npm the binary has no editor
assets:
	scripts/web.sh

## parts: what the tests against real servers need
parts:
	scripts/parts.sh

clean:
	rm -rf bin web/dist/files web/dist/manifest.json web/node_modules
