"""How messages reach the browser: what Streamlit has not sent when the next run begins, it throws away."""

from __future__ import annotations

from streamlit.runtime import runtime

# Messages of a finished run are sent within milliseconds; only after this long is a value taken to have arrived.
DELIVERY_S = 0.3

# After each message Streamlit rests for 10 ms before it sends the next: of a quick drag few pictures would arrive, and
# of two clicks in a row half a page. It has no setting for that.
runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.001  # type: ignore[attr-defined]
