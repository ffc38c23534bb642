"""Small pages to measure ours against."""
