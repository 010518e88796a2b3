"""Everything that is computed for a page, cached or in the background; no widgets."""
