# Zhengtong. `make` alone lists what can be done here.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GO ?= go
SUMMARY := .cache/bin/testsummary

# Packages whose tests live on SQLite: the race detector makes SQLite 13 times
# slower, so they run without it, and their tests of these names once more with it.
NORACE ?= ./internal/db/... ./internal/casework/... ./cmd/...
RACE_AGAIN ?= Postgres|Pool|Race
TIMEOUT ?= 20m

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.1

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | sort | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- build and run -----------------------------------------------------------

.PHONY: build
build: web ## build bin/zhengtong, with the web inside when npm is present
	@mkdir -p bin
	$(GO) build -trimpath -o bin/zhengtong ./cmd/zhengtong

# The web is built only when its sources changed; without npm the binary holds
# the page that says how to build it.
WEB_SOURCES := $(shell [ -d admin ] && find admin -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: web
web:
	@if [ ! -f admin/package.json ]; then exit 0; fi; \
	if ! command -v npm >/dev/null; then echo 'npm is not installed: building without the web' >&2; exit 0; fi; \
	$(MAKE) .cache/web.built

.cache/web.built: $(WEB_SOURCES)
	@mkdir -p .cache
	@[ -d admin/node_modules ] || (cd admin && npm ci --no-audit --no-fund --loglevel=error)
	cd admin && npm run build
	@touch $@

.PHONY: run
run: build ## serve a demonstration on http://127.0.0.1:8080 with everything embedded
	bin/zhengtong serve --demo --data .cache/run

# --- test --------------------------------------------------------------------

.PHONY: setup
setup: ## install what tests need and this machine lacks (packages as root)
	@deploy/dev/setup.sh

.PHONY: test
test: $(SUMMARY) ## run every suite: Go, web, browser; ends with `N passed, N failed`
	@$(SUMMARY) clear
	@$(SUMMARY) run setup -- $(MAKE) setup
	@was="$$($(GO) run ./deploy/dev env)"; \
	finish() { [ -n "$$was" ] || $(GO) run ./deploy/dev down; }; trap finish EXIT; \
	$(SUMMARY) run servers -- $(GO) run ./deploy/dev up; eval "$$($(GO) run ./deploy/dev env)"; \
	$(MAKE) suites
	@$(SUMMARY) total

# Each suite notes its result and lets the next one run; `total` fails at the end.
.PHONY: suites
suites: $(SUMMARY)
	@$(SUMMARY) run vet -- $(GO) vet ./...
	@norace="$$($(GO) list $(NORACE) 2>/dev/null || true)"; \
	all="$$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...)"; \
	raced="$$(comm -23 <(sort <<<"$$all") <(sort <<<"$$norace"))"; \
	plain="$$(comm -12 <(sort <<<"$$all") <(sort <<<"$$norace"))"; \
	if [ -n "$$raced" ]; then echo; echo 'Go, with the race detector'; ($(GO) test -race -json -timeout $(TIMEOUT) $$raced 2>&1 || true) | $(SUMMARY) go go-race; fi; \
	if [ -n "$$plain" ]; then echo; echo 'Go, with SQLite'; ($(GO) test -json -timeout $(TIMEOUT) $$plain 2>&1 || true) | $(SUMMARY) go go; \
	echo; echo 'Go, the same packages on PostgreSQL with the race detector'; \
	($(GO) test -race -json -timeout $(TIMEOUT) -run '$(RACE_AGAIN)' $$plain 2>&1 || true) | $(SUMMARY) go go-postgres; fi
	@if [ -f admin/package.json ]; then \
	$(SUMMARY) run web -- sh -c 'cd admin && npx vitest run --reporter=default --reporter=json --outputFile="$$TEST_REPORT"'; \
	if [ -d admin/e2e ]; then $(MAKE) build; $(SUMMARY) run browser -- deploy/dev/browser.sh; fi; fi

# Readers of outside text, as package:target, and how long each is fed nonsense.
FUZZ ?= schema/kind:FuzzReadFiles schema/kind:FuzzParseJSON internal/expr:FuzzCompile internal/form:FuzzCompile internal/workflow:FuzzFlow internal/document/layout:FuzzDecode \
	internal/interchange/bpmn:FuzzRead internal/interchange/record:FuzzRead internal/interchange/table:FuzzReadCSV internal/interchange/table:FuzzReadXLSX
FUZZTIME ?= 20s

.PHONY: drill
drill: build ## break things on purpose: kill -9, Redis wiped, object store away, nonsense as input
	@for target in $(FUZZ); do echo "fuzz $$target"; \
	$(GO) test -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "./$${target%:*}"; done
	@eval "$$($(GO) run ./deploy/dev up && $(GO) run ./deploy/dev env)"; \
	$(GO) test -count=1 -timeout 60m -run '^TestDrill' ./cmd/zhengtong -drills 5

.PHONY: bench
bench: build ## measure speed against named references; JSON in .cache/bench.json
	@eval "$$($(GO) run ./deploy/dev up && $(GO) run ./deploy/dev env)"; \
	bin/zhengtong bench --json .cache/bench.json

$(SUMMARY): $(wildcard deploy/testsummary/*.go)
	@mkdir -p $(@D)
	@$(GO) build -o $@ ./deploy/testsummary

# --- keep in order -----------------------------------------------------------

.PHONY: generate
generate: ## write generated code and documents anew
	$(GO) generate ./...
	@if grep -qs '"generate"' admin/package.json; then cd admin && npm run generate; fi

# Everything that git knows or could add, by content: generating must change nothing.
STATE = { git ls-files -co --exclude-standard -z | xargs -0 sha256sum 2>/dev/null || true; } | sort -k2

.PHONY: verify
verify: ## check that generated code is current
	@mkdir -p .cache; $(STATE) > .cache/before.txt; $(MAKE) generate; $(STATE) > .cache/after.txt; \
	diff .cache/before.txt .cache/after.txt > .cache/stale.txt || { echo 'not current; run make generate:'; sed -n 's/^[<>] [0-9a-f]* *//p' .cache/stale.txt | sort -u; exit 1; }

.PHONY: lint
lint: ## check format, vet, staticcheck, who may import whom, and the web
	@unformatted="$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l 2>/dev/null || true)"; \
	if [ -n "$$unformatted" ]; then echo 'not formatted; run make fmt:'; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	@if [ -f README.md ]; then $(GO) run ./deploy/lint; fi
	$(GO) run $(STATICCHECK) $$($(GO) list ./... | grep -vE '/internal/ent(/|$$)|/graph/generated$$')
	@if grep -qs '"lint"' admin/package.json && [ -d admin/node_modules ]; then cd admin && npm run lint; fi

.PHONY: fmt
fmt: ## format Go and the web
	git ls-files -co --exclude-standard '*.go' | xargs gofmt -w
	@if grep -qs '"format"' admin/package.json && [ -d admin/node_modules ]; then cd admin && npm run format; fi

.PHONY: dev-up
dev-up: ## start PostgreSQL, Redis and MinIO for development
	@$(GO) run ./deploy/dev up

.PHONY: dev-down
dev-down: ## end them and remove their files
	@$(GO) run ./deploy/dev down

.PHONY: clean
clean: ## remove what was built here; the cache of servers' programs stays
	rm -rf bin .cache/run .cache/test .cache/web.built
