"""Which papers readers will want, before anyone has voted: learned from what they wanted before."""
