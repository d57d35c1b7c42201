"""Layout of official documents and web text (GB/T 9704 and house style)."""
