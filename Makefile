# Thin: each line calls a script. `make up`, `make test`, `make check`, `make down`.
.DEFAULT_GOAL := help
.PHONY: help new-region new-tenant offboard-tenant up preview refresh down status env engine tools test test-long check fix lock docs pin-images bench state-snapshot cluster cluster-down cluster-programs manifests n8n n8n-status n8n-down n8n-programs scheduling-programs publish-functions rollout publish-web publish-web-back publish-web-list cost refresh-prices evidence plan deploy bake order drift drift-issue review review-plans review-post evidence-plans running-drift verify-ledger ledger-report mutation-score
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
RUN := .venv/bin/python
TOOLS := prometheus prometheus-alertmanager redis-server pgbouncer chromium-headless-shell
STACK_OPTION := $(if $(STACK),--stack $(STACK))

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

up: .venv/installed ## preview, then apply; STACK=eu-west-1 for one stack
	@$(RUN) -m sandbox up $(STACK_OPTION)

preview: .venv/installed ## show what would change; STACK=eu-west-1 for one stack
	@$(RUN) -m sandbox preview $(STACK_OPTION)

refresh: .venv/installed ## compare the states with the emulated cloud, show drift; STACK=eu-west-1 for one stack
	@$(RUN) -m sandbox refresh $(STACK_OPTION)

down: .venv/installed ## destroy everything, then stop what was started; FORCE=1 drops what cannot be destroyed
	@$(RUN) -m sandbox down $(if $(FORCE),--force)

status: .venv/installed ## what is up, where, how it is held; JSON=1 for one JSON line
	@$(RUN) -m sandbox status $(if $(JSON),--json)

cluster: .venv/installed ## a Kubernetes control plane for each stack, for `make up` to apply to; STACK=eu-west-1 for one (needs Go)
	@$(RUN) -m sandbox cluster $(STACK_OPTION)

cluster-down: .venv/installed ## end clusters and leave the stacks (`make down` ends both); STACK=eu-west-1 for one
	@$(RUN) -m sandbox cluster-down $(STACK_OPTION)

cluster-programs: .venv/installed ## find the programs of a control plane, or build them (once, some minutes)
	@$(RUN) -m sandbox cluster-programs

new-region: .venv/installed ## write what a new region takes; NAME=ap-southeast-2, with LAW=none and COPIES="eu-west-1 ..." if decided
	@$(RUN) -m scripts.new_region $(NAME) $(if $(LAW),--law $(LAW)) $(foreach region,$(COPIES),--copies $(region))

new-tenant: .venv/installed ## write a tenant's file: NAME=<name> MARKET=EU TIER=professional, with LICENCE=<reference>, or INTERNAL=1 for our own
	@$(RUN) -m scripts.new_tenant $(NAME) --market "$(MARKET)" --tier "$(TIER)" $(if $(LICENCE),--licence "$(LICENCE)") $(if $(INTERNAL),--internal) \
		$(if $(NETWORK),--network $(NETWORK))

offboard-tenant: .venv/installed ## end a tenant: NAME=<name> STEP=export, erase or prove, with FOLDER=... and ARGS=...; see docs/guides/tenants.md
	@$(RUN) -m scripts.offboard_tenant $(or $(STEP),export) $(NAME) --folder "$(or $(FOLDER),build/offboarding/$(NAME))" $(ARGS)

publish-web: .venv/installed ## serve a build of the web client: BUILD=<folder>; KEEP=10 releases stay to go back to
	@$(RUN) -m scripts.publish_web publish "$(or $(BUILD),$(error BUILD=<folder> names the build, such as build/web))" $(STACK_OPTION) $(if $(KEEP),--keep $(KEEP))

publish-web-back: .venv/installed ## serve the release published before, or VERSION=<release>
	@$(RUN) -m scripts.publish_web back $(VERSION) $(STACK_OPTION)

publish-web-list: .venv/installed ## the releases that are kept, and when which one was served
	@$(RUN) -m scripts.publish_web list $(STACK_OPTION)

env: .venv/installed ## the environment for a shell, in which plain pulumi and boto3 work on the sandbox
	@$(RUN) -m sandbox env

engine: .venv/installed ## find the engine, or build it
	@$(RUN) -m sandbox engine

tools: .venv/installed ## programs of Debian packages that tests run, into the cache; PACKAGES="redis-server pgbouncer" for some
	@$(RUN) -m scripts.tools $(or $(PACKAGES),$(TOOLS))

test: .venv/installed ## every test but the long ones
	@$(RUN) -m sandbox engine
	@$(RUN) -m pytest -n auto --dist loadgroup -m "not long" $(ARGS)

test-long: .venv/installed ## the long ones: processes killed at many moments, 10,000 messages, a fourth region
	@$(RUN) -m sandbox engine
	@SCHEDULING_MESSAGES=$${SCHEDULING_MESSAGES:-10000} $(RUN) -m pytest -n auto --dist loadgroup -m long $(ARGS)

mutation-score: .venv/installed ## what controls catch and spare of all changes of the estate; RULES=1 turns round each of their conditions too
	@$(RUN) -m scripts.mutation_score $(if $(RULES),--rules) $(ARGS)

check: .venv/installed ## every gate: format, lint, types, the laws of the codebase, generated pages current
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest -q tests/house
	@$(RUN) -m scripts.reference --check

fix: .venv/installed ## format, and mend what the linter can
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

lock: .venv/installed ## resolve requirements.lock anew
	@$(RUN) -m uv pip compile pyproject.toml --all-extras --generate-hashes --no-emit-index-url --no-header --quiet \
		--python-version 3.11 -o requirements.lock

pin-images: .venv/installed ## ask every registry for digests, write config/software.lock.yaml; MIRROR=<account's ECR registry>, ACCEPT_MOVED=1
	@$(RUN) -m scripts.pin_images $(if $(MIRROR),--mirror $(MIRROR)) $(if $(ACCEPT_MOVED),--accept-moved)

docs: .venv/installed ## write the generated pages under docs/reference
	@$(RUN) -m scripts.reference

n8n: .venv/installed ## n8n for real, as a stack's manifests deploy it, on this machine; STACK=eu-west-1, default us-east-1
	@$(RUN) -m scripts.n8n up $(STACK_OPTION)

n8n-status: .venv/installed ## what of it runs, and where it answers
	@$(RUN) -m scripts.n8n status $(STACK_OPTION)

n8n-down: .venv/installed ## end it and remove its data
	@$(RUN) -m scripts.n8n down $(STACK_OPTION)

n8n-programs: .venv/installed ## n8n, Node.js and PostgreSQL into a cache, once: 2.5 GB, some 3 minutes
	@$(RUN) -m scripts.n8n programs

scheduling-programs: .venv/installed ## the SDK that tests of the scheduling functions import, into a cache, once: some seconds
	@$(RUN) -m scripts.scheduling_programs

manifests: .venv/installed ## every object of the clusters as YAML under build/manifests, for people and scanners; STACK=eu-west-1 for one
	@$(RUN) -m scripts.manifests $(STACK_OPTION)

state-snapshot: .venv/installed ## keep a locked snapshot of a state in the hub's backups (or BUCKET=...): STACK=eu-west-1
	@$(RUN) -m scripts.state snapshot --stack $(STACK) $(if $(BUCKET),--bucket $(BUCKET))

publish-functions: .venv/installed ## upload the functions' bundle, print the lines of config that name it: STACK=sa-east-1, with KEY=... for a key of your own
	@$(RUN) -m scripts.publish_functions --stack $(STACK) $(if $(KEY),--key $(KEY))

rollout: .venv/installed ## new versions of functions into service in steps: STACK=sa-east-1, FUNCTIONS="bookings ...", BACK=1, UNATTENDED=1
	@$(RUN) -m scripts.rollout --stack $(STACK) $(foreach function,$(FUNCTIONS),--function $(function)) $(if $(BACK),--back) $(if $(UNATTENDED),--unattended) $(ARGS)

cost: .venv/installed ## what the estate costs a month, beside the sources; STACK=eu-west-1, PROFILE=documented, lean or staging, JSON=1, GRAPH=<stack>=<file>
	@$(RUN) -m scripts.cost estimate $(STACK_OPTION) $(if $(PROFILE),--profile $(PROFILE)) $(if $(GRAPH),--graph $(GRAPH)) $(if $(JSON),--json)

refresh-prices: .venv/installed ## ask AWS's price list for every price, write config/prices (needs credentials); REGION=sa-east-1 for one table
	@$(RUN) -m scripts.cost refresh $(if $(REGION),--region $(REGION))

plan: .venv/installed ## preview a stack with every policy pack and keep the plan under build/plans: STACK=staging; `pulumi` and credentials of the shell
	@$(RUN) -m scripts.deploy plan $(STACK_OPTION)

review: .venv/installed ## what the working tree changes of the sandbox's last state: note, page and widgets under build/review; STACK=eu-west-1 for one
	@$(RUN) -m scripts.review local $(STACK_OPTION)

review-plans: .venv/installed ## note, page and widgets of what `make plan` found in each stack, under build/review
	@$(RUN) -m scripts.review write --verdicts build/plans/verdicts/preview \
		$(foreach events,$(wildcard build/plans/*.jsonl),--preview $(basename $(notdir $(events)))=$(events))

review-post: .venv/installed ## make that note the merge request's, or bring it up to date (in a pipeline)
	@$(RUN) -m scripts.review post

evidence-plans: .venv/installed ## what each framework gets to see of what `make plan` found, under build/evidence
	@$(RUN) -m scripts.evidence write $(foreach file,$(wildcard build/plans/verdicts/preview/*.json),--verdicts $(file))

deploy: .venv/installed ## apply the plan of a stack, and nothing else: STACK=staging
	@$(RUN) -m scripts.deploy up $(STACK_OPTION)

bake: .venv/installed ## watch a stack's alarms after its deployment, fail when one goes off: STACK=staging, MINUTES=30
	@$(RUN) -m scripts.deploy bake $(STACK_OPTION) $(if $(MINUTES),--minutes $(MINUTES))

order: .venv/installed ## whether plans may be applied in an order of production's stacks: ROLLOUT=regions or dependencies
	@$(RUN) -m scripts.deploy order $(if $(ROLLOUT),--rollout $(ROLLOUT))

drift: .venv/installed ## compare a stack's state with AWS and change neither: STACK=staging
	@$(RUN) -m scripts.deploy drift $(STACK_OPTION)

drift-issue: .venv/installed ## tell what `make drift` found in one issue of GitLab
	@$(RUN) -m scripts.deploy issue

evidence: .venv/installed ## what each framework gets to see, under build/evidence; STACK=eu-west-1, GRAPH=<stack>=<export>, VERDICTS="<files of packs>"
	@$(RUN) -m scripts.evidence write $(STACK_OPTION) $(if $(GRAPH),--graph $(GRAPH)) $(foreach file,$(VERDICTS),--verdicts $(file))

running-drift: .venv/installed ## judge what runs by the controls, beside the state: STACK=eu-west-1, GRAPH=<export>, KUBECONFIG_OF=<file>, LEDGER=<folder>
	@$(RUN) -m scripts.evidence drift --stack $(STACK) $(if $(GRAPH),--graph $(GRAPH)) $(if $(KUBECONFIG_OF),--kubeconfig $(KUBECONFIG_OF)) $(if $(LEDGER),--ledger $(LEDGER))

verify-ledger: .venv/installed ## whether a stack's ledger is as it was written: STACK=eu-west-1, BUCKET=records compares its locked copy
	@$(RUN) -m scripts.evidence verify-ledger --stack $(STACK) $(if $(BUCKET),--bucket $(BUCKET))

ledger-report: .venv/installed ## every control over a period: STACK=eu-west-1 SINCE=2026-01-01, UNTIL=..., JSON=1
	@$(RUN) -m scripts.evidence ledger report --stack $(STACK) --since $(SINCE) $(if $(UNTIL),--until $(UNTIL)) $(if $(JSON),--json)

bench: .venv/installed ## seconds and memory beside the floor that SDK and engine set, as one JSON line
	@$(RUN) -m scripts.bench

.venv/installed: requirements.lock
	@PYTHON=$(PYTHON) sh scripts/bootstrap.sh
