# The words of the house. `make` alone lists them.
LOCAL = python3 -m bhavya.local
PYTHON = .venv/bin/python

.DEFAULT_GOAL := words
.PHONY: words run test check tidy reset messages tenant-sql seed lock services

words:
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## install what is missing, start everything, print addresses and demo logins
	@$(LOCAL) run

test: ## install what is missing, run every check and every test
	@$(LOCAL) test

check: ## the same without the slow browser journeys
	@$(LOCAL) check

tidy: ## format code and templates
	@$(LOCAL) tidy

reset: ## stop, delete the data of this checkout, so that `make run` starts over
	@$(LOCAL) reset $(if $(YES),--yes)

messages: ## collect and compile the words of the screens
	@$(LOCAL) messages

tenant-sql: ## write the SQL of a facility's schema anew from the migrations
	@$(LOCAL) manage tenant_sql

seed: ## fill the demo facilities with today's realistic day
	@$(LOCAL) manage seed_demo

lock: ## resolve requirements/*.in into *.txt with hashes, and package-lock.json
	@$(LOCAL) lock $(if $(UPGRADE),--upgrade)

services: ## start PostgreSQL and Redis of this checkout alone, for developers
	@$(LOCAL) services start
