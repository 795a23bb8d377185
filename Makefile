# Everything there is to do here, on a machine that has Python 3.11 or newer and make. `make` alone lists it.

PYTHON ?= python3
PORT ?= 8000
SANDBOX ?= 1
SAMPLE ?= whole
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.installed-run
INSTALLED := $(VENV)/.installed
SERVED := $(VENV)/.installed-node
SOURCES := app.py chalicelib infra tests benchmarks clients/python
BUILD := build
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run shots demo import job redrive fake-bank fake-acquirer bank-kit test test-all check format engine package standards policies routes error-examples event-examples bank-events requirements clean bench-floors bench-cold bench-warm bench-verify bench-import bench-books bench-reads bench-monthly bench-daily catalogues bench-alarms bench-score bench-catalogue guides site bench-clock acquirer-kit clients

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNS) $(SERVED) ## the whole service on 127.0.0.1:$(PORT), until Ctrl-C (PORT=, SANDBOX=0, SAMPLE=small, LIMIT= requests a second, REDRIVE=1 for data of an older checkout)
	@PORT=$(PORT) SANDBOX=$(SANDBOX) SAMPLE=$(SAMPLE) LIMIT=$(LIMIT) REDRIVE=$(REDRIVE) exec $(BIN)/python -m infra.local

shots: $(INSTALLED) $(SERVED) ## pictures of every screen and page in build/shots, narrow and wide, light and dark
	@$(BIN)/python -m infra.local.browser --install
	@$(BIN)/python -m pytest tests/browser/shots.py $(ARGS)

demo: $(RUNS) ## protected orders, claims and refunds from trade history to the closed books, printed as it happens
	@$(BIN)/python -m infra.local.demo $(ARGS)

import: $(RUNS) ## load a file into the service that `make run` serves: make import FILE=history.csv (KIND=exports)
	@PORT=$(PORT) $(BIN)/python -m infra.local.import_file "$(FILE)" $(KIND)

job: $(RUNS) ## run a job in the service that `make run` serves: make job NAME=deposits-monthly AS_OF=2023-03-06
	@PORT=$(PORT) $(BIN)/python -m infra.local.job "$(NAME)" $(AS_OF)

redrive: $(RUNS) ## try again what consumers could not take, in the service that `make run` serves (SINCE=, UNTIL= replay a window)
	@PORT=$(PORT) $(BIN)/python -m infra.local.redrive $(SINCE) $(UNTIL)

# Bytecode is kept: else pytest rewrites everything, and each process that a test starts compiles it, anew.
test: export PYTHONDONTWRITEBYTECODE :=
fake-bank: $(RUNS) ## a partner bank beside `make run`, until Ctrl-C (BANK=ccb BANK_PORT= RULES= MISCHIEF="twice shuffled"; beside the kit SURETY_URL= KIT_SECRET=)
	@PORT=$(PORT) BANK="$(BANK)" BANK_PORT="$(BANK_PORT)" RULES="$(RULES)" MISCHIEF="$(MISCHIEF)" SEED="$(SEED)" exec $(BIN)/python -m infra.local.fake_bank

fake-acquirer: $(RUNS) ## an acquirer beside `make run`, until Ctrl-C (ACQUIRER=alipay ACQUIRER_PORT= HOLD=1 MISCHIEF="twice shuffled" SEED=)
	@PORT=$(PORT) ACQUIRER="$(ACQUIRER)" ACQUIRER_PORT="$(ACQUIRER_PORT)" HOLD="$(HOLD)" MISCHIEF="$(MISCHIEF)" SEED="$(SEED)" exec $(BIN)/python -m infra.local.fake_acquirer

bank-kit: $(RUNS) ## whether a bank keeps to the protocol, in four orders: the fake bank, or another at URL= (KIT_SECRET= KIT_PORT= BANK_URL=); or a service at URL= (BANK=boc)
	@URL="$(URL)" BANK_URL="$(BANK_URL)" KIT_SECRET="$(KIT_SECRET)" KIT_PORT="$(KIT_PORT)" $(BIN)/python -m infra.local.bank_kit

acquirer-kit: $(RUNS) ## the same of an acquirer: the fake one, or another at URL= (KIT_SECRET= KIT_PORT= BANK_URL=); or a service at URL= (ACQUIRER=alipay)
	@KIND=acquirer URL="$(URL)" BANK_URL="$(BANK_URL)" KIT_SECRET="$(KIT_SECRET)" KIT_PORT="$(KIT_PORT)" $(BIN)/python -m infra.local.bank_kit

test: $(INSTALLED) $(SERVED) clients ## the suite; installs Java and Chromium where it may, for the tests on a real engine and in a real browser
	@$(BIN)/python -m infra.local.engine --install
	@$(BIN)/python -m infra.local.browser --install
	@$(BIN)/python -m pytest -rs --numprocesses auto --dist worksteal $(ARGS)

test-all: export SURETY_TEST_SIZE := full
test-all: test ## the same with random, stopping and scale tests at full size

check: $(INSTALLED) clients ## format, lint, strict types, import contracts, templates
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m infra.words
	$(BIN)/python -m infra.catalogue --check
	$(BIN)/cfn-lint infra/account.yaml infra/tables.yaml infra/alarms.yaml

format: $(INSTALLED) ## put the code into its format
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

engine: $(RUNS) ## fetch DynamoDB Local, the engine that `make run` and the races stand on
	@$(BIN)/python -m infra.local.engine --install

package: $(INSTALLED) $(SERVED) ## what is deployed: build/<stage>/sam.yaml and deployment.zip (STAGE=prod)
	@$(BIN)/python -m infra.package $(if $(STAGE),--stage $(STAGE)) --out $(BUILD)

clients: $(INSTALLED) ## generate the calls and forms of clients/ from the API document, where they are not current
	@$(BIN)/python -m infra.clients

site: $(INSTALLED) ## the documentation as files for any file server: build/site/index.html (BASE_URL= where the API is)
	@SURETY_SANDBOX=false $(BIN)/python -m infra.site $(BUILD)/site $(BASE_URL)

routes: $(INSTALLED) ## write chalicelib/route_table.py from the decorators of the slices' routes
	@$(BIN)/python -m infra.route_table

error-examples: $(INSTALLED) ## record anew the request and answer that show each error (ARGS=tests/orders adds what those tests provoke)
	@$(BIN)/python -m tests.provoked $(ARGS)

event-examples: $(INSTALLED) ## record every event that tests bring about, with its payload and who is told (ARGS=tests/orders for those alone)
	@$(BIN)/python -m tests.events $(ARGS)

guides: export SURETY_RECORDS_GUIDES := 1
guides: $(INSTALLED) ## run every example of docs/guides, and record what it answers
	@$(BIN)/python -m pytest tests/guides

bank-events: $(INSTALLED) ## write docs/bank-events.md from what the slices declare of banks' events
	@$(BIN)/python -m infra.bank_event_types

bench-floors: $(INSTALLED) ## F1: round trips and write units of every endpoint, beside their floor
	@$(BIN)/python -m benchmarks.floors $(ARGS)

bench-cold: $(INSTALLED) ## F2: cold start of the packaged functions through the real Lambda runtime client
	@$(BIN)/python -m benchmarks.cold_start $(ARGS)

bench-warm: $(INSTALLED) ## F3: CPU time of a warm request
	@$(BIN)/python -m benchmarks.warm $(ARGS)

bench-verify: $(INSTALLED) ## entries of the journal that one core verifies in a second
	@$(BIN)/python -m benchmarks.verification $(ARGS)

bench-import: $(INSTALLED) ## F7: rows per second of a trade history import
	@$(BIN)/python -m benchmarks.import_history $(ARGS)

bench-reads: $(INSTALLED) ## F10: what a page of suppliers and the release of a deposit read among 100,000 suppliers and trades
	@$(BIN)/python -m benchmarks.looking_back $(ARGS)

bench-books: $(INSTALLED) ## F10: what a trial balance and a statement read after a year and after ten
	@$(BIN)/python -m benchmarks.books $(ARGS)

bench-catalogue: $(INSTALLED) ## F10: what a page of a channel's catalogue reads among 100,000 listings
	@$(BIN)/python -m benchmarks.catalogue $(ARGS)

bench-score: $(INSTALLED) ## the scorecard tried on the loans of invented firms (FIRMS=20000)
	@$(BIN)/python -m benchmarks.score_backtest $(if $(FIRMS),FIRMS=$(FIRMS)) $(ARGS)

bench-monthly: $(INSTALLED) ## F4, F5, F8: the monthly run of seller deposits against an oracle (SELLERS=10000000, AFTER_MS=50 a transaction)
	@$(BIN)/python -m benchmarks.monthly $(if $(SELLERS),SELLERS=$(SELLERS)) $(if $(AFTER_MS),AFTER_MS=$(AFTER_MS)) $(ARGS)

catalogues: $(INSTALLED) ## bring chalicelib/locale/ up to what the code says, and compile it
	@$(BIN)/python -m infra.catalogue

bench-daily: $(INSTALLED) ## F5, F8, F9: a day of the daily run of monitoring against an oracle (LOANS=1000000)
	@$(BIN)/python -m benchmarks.daily $(if $(LOANS),LOANS=$(LOANS)) $(ARGS)

bench-clock: $(INSTALLED) ## 24 months of loans in one call of the sandbox's clock against the same night by night (LOANS=1000 MONTHS=24)
	@$(BIN)/python -m benchmarks.clock $(if $(LOANS),LOANS=$(LOANS)) $(if $(MONTHS),MONTHS=$(MONTHS)) $(ARGS)

bench-alarms: $(INSTALLED) ## alarms of the rules of monitoring on a real trade history (FILE=… FX=…)
	@$(BIN)/python -m benchmarks.monitoring_history FILE=$(FILE) FX=$(FX) $(ARGS)

standards: $(INSTALLED) ## write countries, currencies and business days from the libraries that keep them
	@$(BIN)/python -m infra.standards

policies: $(INSTALLED) ## write .chalice/policy-*.json, what each function may touch, from infra/permissions.py
	@AWS_DEFAULT_REGION=us-east-1 $(BIN)/python -m infra.permissions

requirements: $(INSTALLED) ## compile requirements*.txt, with hashes, from requirements*.in
	@$(BIN)/pip install --quiet uv
	for name in requirements requirements-run requirements-dev requirements-node; do \
		$(BIN)/uv pip compile --quiet --system-certs --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 $$name.in -o $$name.txt || exit 1; \
	done

clean: ## remove what was built or installed here; .local, the data of `make run`, stays
	rm -rf $(VENV) $(BUILD) node_modules chalicelib/console/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNS): requirements-run.txt
	@$(PYTHON) -m infra.local.install $(VENV) requirements-run.txt
	@$(BIN)/python -m infra.local.engine
	@touch $@

$(SERVED): package-lock.json chalicelib/console/vendor.py infra/local/node.py | $(RUNS)
	@if $(BIN)/python -m infra.local.node; then touch $@; fi

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -m infra.local.install $(VENV) requirements-dev.txt
	@touch $(RUNS) $@
