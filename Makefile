# make run    build everything, fill an empty database, serve it
# make test   install what the tests need and run them all with the race detector
# make bench  speed and memory, as ratios against floors measured in the same run
# make screenshots  a picture of each page, wide and narrow, in docs/screens
# make fuzz   each parser for a minute
# make soak   SOAK (300) kills of processes that import and publish,
#             torn logs, full and failing disks, backups under writes, migrations
SHELL  := /bin/bash
ASSETS := internal/web/assets
DIST   := $(ASSETS)/dist/manifest.json
SRC    := $(shell find cmd dashboards imports internal -name node_modules -prune -o -type f -not -path '*/dist/*' -print) go.mod go.sum

.PHONY: run build test check chromium writer bench screenshots fuzz soak clean
.DELETE_ON_ERROR:

build: bin/bellwether

run: build
	@./bin/bellwether serve --link $(ARGS)

bin/bellwether: $(SRC) $(DIST)
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o $@ ./cmd/bellwether

# npm ci builds too: its "prepare" script runs build.mjs.
$(DIST): $(ASSETS)/package-lock.json $(ASSETS)/build.mjs $(wildcard $(ASSETS)/src/* $(ASSETS)/src/*/*)
	npm ci --prefix $(ASSETS) --no-audit --no-fund --loglevel=error
	@touch $@

# SQLite and QuickJS are C turned into Go: as with C itself, the race detector
# and the pointer checks watch their callers, not them and their memory. That is
# some seven times faster.
AS_IN_C   := -race=false -d=checkptr=0
C_AS_GO   := '-gcflags=modernc.org/sqlite/lib=$(AS_IN_C)' \
             '-gcflags=modernc.org/libquickjs=$(AS_IN_C)' \
             '-gcflags=modernc.org/libc/...=$(AS_IN_C)' \
             '-gcflags=modernc.org/memory=$(AS_IN_C)' \
             '-gcflags=modernc.org/quickjs=-d=checkptr=0'

# The two longest packages first, so that neither is left running alone.
test: $(DIST) chromium writer check
	go test -race $(C_AS_GO) -shuffle=on -timeout 45m ./internal/web ./cmd/bellwether ./...

check:
	@unformatted=$$(gofmt -l cmd dashboards imports internal); if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...

# The journeys are read in a real browser. Liberation Sans has Arial's widths.
chromium:
	@if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi liberation; then \
		echo "installing Chromium for the browser tests"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends chromium fonts-liberation fontconfig >/dev/null; \
	fi

# Word documents are opened in LibreOffice Writer, and what it prints is read.
writer:
	@if ! command -v pdftotext >/dev/null || ! ls /usr/lib/libreoffice/program/libswlo.so >/dev/null 2>&1; then \
		echo "installing LibreOffice Writer for the tests of reports"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui poppler-utils >/dev/null; \
	fi

bench: $(DIST)
	go test -run '^$$' -bench . -benchtime 3x ./... | tee bench.out

screenshots: $(DIST) chromium
	mkdir -p docs/screens && rm -f docs/screens/*.png
	BELLWETHER_SCREENS=$(CURDIR)/docs/screens go test -count=1 -timeout 20m -run '^TestScreens$$' ./internal/web

FUZZTIME ?= 1m
fuzz:
	@set -e; for pkg in $$(go list ./internal/...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 500x $$pkg; \
		done; done

SOAK ?= 300
soak: $(DIST)
	BELLWETHER_SOAK=$(SOAK) go test -count=1 -timeout 120m -v -p 1 ./internal/store ./cmd/bellwether \
		-run '^Test(Killed|KilledMigration|FailedSync|TornLog|FullFilesystem|BackupUnderWrites|MigrateEveryRelease)$$'

clean:
	rm -rf bin bench.out $(ASSETS)/node_modules $(ASSETS)/dist/*
