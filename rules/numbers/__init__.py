"""Numbers, units and dates (GB/T 15835)."""
