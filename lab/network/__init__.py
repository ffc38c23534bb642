"""Networks as data: the layer catalogue, specs, shapes and costs, edits, presets, models, and exported code."""
