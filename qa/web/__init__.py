"""The web form: what a browser shows of a library, on this machine and to nobody else."""

import importlib.util
import os
import sys

# Gradio and the hub's client read these when they are imported, so they stand before any module of this package.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# By default a table of the last 10,000 events is summed up anew, by pandas, after each event.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(2**62))
# Around each event it tries to import this, and Python looks for it anew each time: a tenth of what its loop did.
if importlib.util.find_spec("matplotlib") is None:
    sys.modules["matplotlib"] = None  # type: ignore[assignment]  # what is None here is known to be absent
