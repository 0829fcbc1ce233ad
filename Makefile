# 每个动词一行说明：make help · Each verb says in one line what it does: make help
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check needs machine docs lock wheelhouse soak clean

VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install -qq --disable-pip-version-check
READY = $(VENV)/.ready
# The first Python on this machine that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)
# Debian 12 packages that the tests drive: a browser, a database server, readers of what we write, and
# what runs and types the page's modules.
PACKAGES = python3-venv chromium chromium-driver fonts-noto-cjk postgresql-15 \
	postgresql-15-postgis-3 poppler-utils gdal-bin nodejs node-typescript
APT = $(if $(filter 0,$(shell id -u)),,sudo )apt-get
FOLDER ?=
FOR ?=
FOR_PYTHON ?=
FUZZ_SECONDS ?= 1200
WRITERS_SECONDS ?= 60
PYTEST ?= pytest -rfEs -n 2 --dist loadfile --timeout 600 --max-worker-restart 0
CHECKS = "ruff check" "ruff format --check" "mypy" "lint-imports" "$(PYTEST)"

help: ## 列出全部动词 · list the verbs
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

demo: $(READY) ## 建好 .venv 并运行演示园区 · set up .venv from the lock and run `landwatch demo` (FOLDER=…)
	$(BIN)/landwatch demo $(FOLDER)

test: $(READY) needs ## 建好 .venv 并运行全部检查和测试 · set up .venv from the lock and run every check and test
	@$(MAKE) --no-print-directory check

# Every step runs, also after one has failed; pytest comes last, so that its closing line ends the run.
check: ## 在已有环境中检查：规范、类型、引用、测试 · lint, types, imports, tests in an existing venv (VENV=…)
	@test -x $(BIN)/pytest || { echo "没有环境 $(VENV)：先运行 make test · no environment $(VENV): run make test first" >&2; exit 2; }
	@failed=; for step in $(CHECKS); do \
		echo "── $$step"; $(BIN)/$$step || failed="$$failed [$$step]"; \
	done; \
	test -z "$$failed" || { echo "未通过 · failed:$$failed" >&2; exit 1; }

needs: # says in words which programs the tests would miss; without them their tests do not run
	@missing=; need() { { command -v $$2 || ls -d $$2; } >/dev/null 2>&1 || missing="$$missing $$1"; }; \
	need chromium chromium; need chromium-driver chromedriver; need poppler-utils pdftotext; \
	need gdal-bin ogrinfo; need nodejs node; need node-typescript tsc; need postgresql-15 '/usr/lib/postgresql/*/bin/initdb'; \
	need postgresql-15-postgis-3 '/usr/share/postgresql/*/extension/postgis.control'; \
	test -n "$$(fc-list :lang=zh 2>/dev/null)" || missing="$$missing fonts-noto-cjk"; \
	if [ -n "$$missing" ]; then \
		echo "缺少测试所需的程序，请安装 · programs that the tests drive are missing, install them:" >&2; \
		echo "    $(APT) update && $(APT) install -y --no-install-recommends$$missing" >&2; \
		test "$$CI" != true || exit 1; \
		echo "否则相关测试将被跳过 · until then the tests that need them are skipped" >&2; \
	fi

machine: ## 安装测试所需的 Debian 软件包 · install the Debian packages that the tests drive
	@missing=; for package in $(PACKAGES); do \
		dpkg-query -W -f='$${db:Status-Status}' "$$package" 2>/dev/null | grep -qx installed \
		|| missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
		$(APT) update -q && $(APT) install -y -q --no-install-recommends $$missing </dev/null; \
	fi

docs: $(READY) ## 重新生成参考页、规则语言页、语法图和导入代码页 · make the made pages again: reference, language, railroad, import codes
	$(BIN)/python -m landwatch.lawbook.reference docs
	$(BIN)/python -m landwatch.ledger.codes_page docs

# The lock names versions and hashes, no addresses: it installs from any index or folder that serves
# the same files. UPGRADE=1 takes newest versions; without it, pins stay unless pyproject.toml moved.
COMPILE = build/lock/bin/uv pip compile --quiet --no-config --no-header --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
	--no-emit-find-links $(if $(UPGRADE),--upgrade) pyproject.toml
lock: ## 重新锁定依赖（版本与哈希） · pin the tested set again, by version and hash (UPGRADE=1: newest)
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet 'uv>=0.9'
	$(COMPILE) --extra dev --output-file requirements.lock
	sed -i '1i # Made by `make lock`. Install: pip install --require-hashes -r requirements.lock' requirements.lock
	$(COMPILE) --extra validators --no-deps --output-file build/lock/validators.txt
	awk '/^[a-z]/ {keep = /^(axe-playwright-python|gdal-utils)==/} keep' build/lock/validators.txt > tests/validators.lock
	rm -r build/lock

# FOR=linux-x86_64 or windows-amd64, FOR_PYTHON=3.12: for another machine than this one.
wheelhouse: $(READY) ## 离线安装包：一个文件夹和 .tar，U 盘带走，sh install.sh 装好 · a folder and .tar that install offline (FOR=… FOR_PYTHON=…)
	@$(BIN)/python -m landwatch.operations.wheelhouse build/wheelhouse --for "$(FOR)" --python "$(FOR_PYTHON)"

# FUZZ_SECONDS=0 leaves the damaged files out (figures: docs/soak.md), WRITERS_SECONDS=0 the eight
# writers on each store (docs/soak-writers.md).
soak: $(READY) ## 长时间运行：损坏文件、八个写入者、全部基准 · the long runs: damaged files, eight writers, every benchmark
	@test "$(FUZZ_SECONDS)" -le 0 || { echo "── tests.fuzz.soak"; $(BIN)/python -m tests.fuzz.soak $(FUZZ_SECONDS); }
	@test "$(WRITERS_SECONDS)" -le 0 || { echo "── tests.store.at_once"; $(BIN)/python -m tests.store.at_once $(WRITERS_SECONDS); }
	@for benchmark in benchmarks/[a-z]*.py; do echo "── $$benchmark"; $(BIN)/python "$$benchmark" || exit 1; done

clean: ## 删除环境、缓存与构建产物 · remove the environment, caches and built files
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find landwatch tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(READY): requirements.lock tests/validators.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本 · Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "无法建立虚拟环境 · no virtual environment: apt-get install python3-venv" >&2; exit 2; }
	@echo "── 按锁定清单安装到 $(VENV)，约一分钟 · installing the locked set into $(VENV), about a minute"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --require-hashes --no-deps -r tests/validators.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
