"""The law as dated, cited data, and the small language that its rules are written in."""
