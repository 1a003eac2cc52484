"""Undocumented parts of Gradio, uvicorn and h11 that the web form relies on, each with its reason.

A test looks up every name in the installed versions, so that an upgrade that moves one of them is noticed.
"""

from __future__ import annotations

PRIVATE_APIS = {
    "blocks._queue.pending_messages_per_session": (
        "notify_pending_clients: Gradio has no way to tell waiting pages that the server closes; "
        "QueueEviction: it keeps answers that no client fetches"
    ),
    "blocks._queue.pending_event_ids_session": "QueueEviction: it keeps the event ids of sessions that it has evicted",
    "asyncio_queue._queue": "QueueEviction: asyncio.Queue shows its last message in no other way",
    "blocks.has_launched": "close_file_access: only then Gradio checks that a named file was uploaded",
    "blocks.is_running": "close_file_access: until then Gradio treats SVG files as the application's own",
    "blocks.max_threads": "app: by default 40 events, waiting ones included, run at once",
    "blocks.state_session_capacity": "app: by default the state of 10,000 sessions is kept",
    "blocks.validate_inputs": "routes.api: overridden to fill in default arguments and to name what is missing",
    "blocks.config": "routes.api: overridden, so that the page is in the language of the request",
    "blocks.process_api": "routes.api: overridden, so that an event runs in the language of its request",
    "blocks.preprocess_data": "routes.api: overridden to report values that do not fit without a traceback",
    "server_messages.UnexpectedErrorMessage": "notify_pending_clients: the message that a page shows as an error",
    "processing_utils.async_ssrf_protected_get": "close_file_access: the server must not fetch addresses",
    "h11_protocol.connections": "HeaderTimeoutProtocol: counts the open connections",
    "h11_protocol.limit_concurrency": "HeaderTimeoutProtocol: the limit that uvicorn was given",
    "h11_protocol.conn.their_state": "HeaderTimeoutProtocol: whether the headers are complete",
    "h11_protocol.conn.trailing_data": "HeaderTimeoutProtocol: whether the next request has begun",
    "h11_protocol.timeout_keep_alive_task": "HeaderTimeoutProtocol: whether uvicorn's own timeout is running",
    "h11_protocol.on_response_complete": "HeaderTimeoutProtocol: called when a connection becomes idle",
}
"""Reason by name; the first part of a name is an object that the test makes."""
