# Run it, test it, keep it tidy: `make help` lists the commands.

VENV := .venv
BIN := $(VENV)/bin
# A terminal sees pip's progress bars; a log gets only what goes wrong.
PIP = $(BIN)/python -m pip install --disable-pip-version-check $(if $(MAKE_TERMOUT),,--quiet)

.PHONY: help run test lint format clean
.NOTPARALLEL:

help:
	@echo 'make run     open the app (installs what is missing first)'
	@echo 'make test    lint, then every test (installs what is missing first)'
	@echo 'make lint    ruff and mypy'
	@echo 'make format  let ruff rewrite the code'
	@echo 'make clean   remove caches and build leftovers'

run: $(VENV)/installed-to-run
	@$(BIN)/python main.py

test: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/installed-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/installed-to-test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# ---- the Python environment

$(VENV)/installed-to-run: setup.cfg pyproject.toml | $(VENV)/system-to-run $(VENV)/pyvenv.cfg
	@echo 'Installing into $(VENV). PyTorch is several gigabytes: the first time takes minutes.'
	@$(PIP) -e .
	@$(PIP) -e '.[ears]' || echo 'Going on without Whisper: only PocketSphinx will listen offline.'
	@touch $@

$(VENV)/installed-to-test: setup.cfg pyproject.toml | $(VENV)/system-to-test $(VENV)/pyvenv.cfg
	@echo 'Installing into $(VENV). PyTorch is several gigabytes: the first time takes minutes.'
	@$(PIP) -e '.[ears,train,test]'
	@touch $@ $(VENV)/installed-to-run

$(VENV)/pyvenv.cfg: | $(VENV)/system-to-run
	@python=$$($(find_python)) || { echo 'No Python 3.10 or newer with tkinter and venv was found.' >&2; exit 1; }; \
	echo "Making $(VENV) with $$python."; "$$python" -m venv $(VENV)

# The first Python that can make the environment, show a window and compile PyAudio.
find_python = for python in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
	"$$python" -c 'import ensurepip, os, sys, sysconfig, tkinter, venv; \
	sys.exit(sys.version_info < (3, 10) or not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' \
	2>/dev/null && { command -v "$$python"; exit 0; }; done; exit 1

# ---- the system packages: a probe for each, and its Debian package when the probe fails

package_unless = $(shell { $(2); } >/dev/null 2>&1 || echo $(1))

missing_to_run = \
	$(call package_unless,gcc libc6-dev,command -v cc) \
	$(call package_unless,flac,command -v flac) \
	$(call package_unless,portaudio19-dev,cc -include portaudio.h -x c -E /dev/null) \
	$(call package_unless,python3 python3-tk python3-venv python3-dev,($(find_python)))

missing_to_test = $(missing_to_run) \
	$(call package_unless,xvfb,command -v Xvfb) \
	$(call package_unless,xdotool,command -v xdotool) \
	$(call package_unless,xclip,command -v xclip) \
	$(call package_unless,fonts-dejavu-core,ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf) \
	$(call package_unless,espeak-ng,command -v espeak-ng) \
	$(call package_unless,pulseaudio,command -v pulseaudio) \
	$(call package_unless,pulseaudio-utils,command -v paplay) \
	$(call package_unless,libasound2-plugins,ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so)

# --no-remove: a desktop that runs PipeWire must not lose its sound to a test's PulseAudio.
define install_missing
	@mkdir -p $(VENV)
	@missing='$(strip $(1))'; \
	if [ -z "$$missing" ]; then :; \
	elif ! command -v apt-get >/dev/null; then \
		echo "Going on without these (Debian's names), please install them yourself: $$missing"; \
	else \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		echo "Installing with apt-get: $$missing"; \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null; \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends --no-remove \
			install $$missing >/dev/null; \
	fi
	@touch $@
endef

$(VENV)/system-to-run:
	$(call install_missing,$(missing_to_run))

$(VENV)/system-to-test:
	$(call install_missing,$(missing_to_test))
