# `make` alone prints help. Everything runs from .venv, which is built when the pinned requirements change.

.DEFAULT_GOAL := help
.PHONY: help up down status story case parked release republish audit containers compose-config kubernetes digests sbom quick test test-fast test-all check bench chaos drill rotate urls token clean

PY := .venv/bin/python
VENV := .venv/installed
SERVERLESS := tests/contracts tests/architecture tests/unit
# The documents' referees run on Node, which make check asks for and make test does not.
OF_CHECK := --ignore=tests/contracts/test_asyncapi.py --ignore=tests/contracts/test_spectral.py \
	--ignore=tests/contracts/test_web_assets.py --ignore=tests/contracts/test_documents.py
# They start other programs.
SLOWER := $(OF_CHECK) --ignore=tests/contracts/test_recipe.py
# Two processes, each with servers of its own; the longest come first, and what is small fills the end.
SIDE_BY_SIDE := -p tests.side_by_side -n 2 --dist loadscope --no-loadscope-reorder
WITHIN := $(PY) -m deploy.local run --

help: ## Show this
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV): requirements-dev.txt
	@sh deploy/local/venv.sh

## -- run ------------------------------------------------------------------------------------------------------------

up: $(VENV) ## Start everything, twice is harmless; SECURE=1: Kafka with TLS, certificates and rights (0 ends it)
	@SECURE=$(SECURE) $(PY) -m deploy.local up

down: $(VENV) ## Stop everything; the data stays
	@$(PY) -m deploy.local down

status: $(VENV) ## Name what is down, overdue or parked for more than 15 minutes, and the log to read
	@$(PY) -m deploy.local status

story: $(VENV) ## Play one journey through the running system; KILL=1 kills processes while it plays; TARGET=compose
ifeq ($(TARGET),compose)
	@docker compose run --rm operations -m deploy.story
else
	@KILL=$(KILL) $(WITHIN) -m deploy.story
endif

rotate: $(VENV) ## Let a new key take the place of an old one while everything runs: KEY=kek|hash|signing
	@$(PY) -m deploy.local rotate "$(KEY)"

urls: $(VENV) ## Print every address as JSON
	@$(PY) -m deploy.local urls

token: $(VENV) ## Print a bearer token: ROLE=caseworker AUTHORITY=kommune-0657 [PERSON=mette-lund]
	@$(PY) -m deploy.local token --role "$(ROLE)" --authority "$(AUTHORITY)" --account "$(PERSON)"

clean: $(VENV) ## Stop everything and remove its data
	@$(PY) -m deploy.local clean

## -- operate --------------------------------------------------------------------------------------------------------

case: $(VENV) ## Tell how one case was handled, service by service, and where its traces are: ID=…
	@$(WITHIN) -m chassis.operations case --id "$(ID)"
	@$(PY) -m deploy.local traces --id "$(ID)"

parked: $(VENV) ## List parked messages: [SERVICE=…]
	@$(WITHIN) -m chassis.operations parked $(if $(SERVICE),--service "$(SERVICE)")

release: $(VENV) ## Handle parked messages again: SERVICE=… TOPIC=… KEY=… REASON="…" [DRY_RUN=1]
	@$(WITHIN) -m chassis.operations release --service "$(SERVICE)" $(if $(TOPIC),--topic "$(TOPIC)") \
		$(if $(KEY),--key "$(KEY)") --reason "$(REASON)" $(if $(DRY_RUN),--dry-run)

audit: $(VENV) ## Verify the audit log: every entry, checkpoint and closed day; names the first fault
	@$(WITHIN) -m services.audit verify

republish: $(VENV) ## Publish from a service's history again: SERVICE=… SINCE=2026-01-31 [DRY_RUN=1]
	@$(WITHIN) -m chassis.operations republish --service "$(SERVICE)" --since "$(SINCE)" $(if $(DRY_RUN),--dry-run)

## -- test -----------------------------------------------------------------------------------------------------------

quick test-fast: $(VENV) ## Tests that need no server, in 40 seconds
	@$(PY) -m pytest -q $(SIDE_BY_SIDE) $(SERVERLESS) $(SLOWER)

test: $(VENV) ## All tests, with real Kafka and PostgreSQL on ports of their own
	@$(PY) -m pytest -q $(SIDE_BY_SIDE) tests/fuzz tests/component tests/system $(SERVERLESS) $(OF_CHECK)

test-all: ## Everything: the tests, thirty times as much fuzzing, every role as everybody, and the long faults
	@FUZZ_EXAMPLES=100 ACCESS=all $(MAKE) test chaos

check: $(VENV) ## Style, types, who may import whom, generated files, ledger coverage, alarms, links, migrations
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.venv/bin/hadolint deploy/images/Dockerfile tests/deploy/stand_ins/Dockerfile
	@$(PY) -m bandit -q -c pyproject.toml -ll -r contracts chassis services deploy
	@.venv/bin/lint-imports
	@.venv/bin/deptry .
	@$(PY) -m deploy.images --check
	@$(PY) -m tests.alarms --check
	@$(PY) -m tests.links
	@$(PY) -m tests.squawk
	@$(PY) -m tests.promtool
	@$(PY) -m contracts.catalogue --check
	@$(PY) -m mypy
	@command -v npm >/dev/null || { echo "Node with npm is missing: the documents' referees run on it" >&2; exit 1; }
	@CI=1 $(PY) -m pytest -q tests/contracts/test_asyncapi.py tests/contracts/test_spectral.py \
		tests/contracts/test_web_assets.py tests/contracts/test_documents.py
	@$(PY) -m tests.ledger --check

containers: $(VENV) ## Try docker-compose.yml for real, with kills; STAND_INS=1 where no base image can be pulled
	@$(PY) -m tests.deploy

compose-config: $(VENV) ## Ask a real compose of docker-compose.yml in each profile; builds one with Go where none is
	@$(PY) -m tests.deploy.config

kubernetes: $(VENV) ## Write the manifests and have them judged offline; fetches and builds the judges once
	@$(PY) -m tests.kubernetes

## -- publish --------------------------------------------------------------------------------------------------------

digests: $(VENV) ## Ask each registry for the digest of its image, and write them into docker-compose.yml; needs crane
	@$(PY) -m deploy.images.bases && $(PY) -m deploy.images

sbom: $(VENV) ## Write a bill of materials of each image, as CycloneDX
	@$(PY) -m deploy.images.sbom

## -- measure --------------------------------------------------------------------------------------------------------

bench: $(VENV) ## Measure beside the bare hop; the last line is one JSON object: [SECURE=1]
	@SECURE=$(SECURE) $(PY) -m bench

chaos: $(VENV) ## 500 commands, 68 faults, 12 broken variants; the last line is one JSON object: [SEED=…] [SECURE=1]
	@SECURE=$(SECURE) $(PY) -m tests.chaos $(if $(SEED),--seed "$(SEED)")

drill: $(VENV) ## Lose databases and restore them; the last line is one JSON object: [WHAT=disk|keys|upgrade] [FROM=commit]
	@$(PY) -m tests.drill $(WHAT) $(if $(FROM),--from "$(FROM)")
