"""Image sets and photos: what is bundled, generated, fetched or given by the user, and the one door photos enter by."""
