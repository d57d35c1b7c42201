"""Does the text agree with itself and with the world: sums, dates, document numbers, titles of laws."""
