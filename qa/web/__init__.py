"""The web form for a library, which listens on this machine only by default."""

import importlib.util
import os
import sys

# Gradio and huggingface_hub read these when they are imported: set before any module of this package.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# By default Gradio aggregates a table of the last 10,000 events with pandas after each event.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(2**62))
# Gradio tries to import matplotlib around each event, and Python searches for it each time: a tenth of the event
# loop's work. None marks a module as absent.
if importlib.util.find_spec("matplotlib") is None:
    sys.modules["matplotlib"] = None  # type: ignore[assignment]
