"""问题报告: rows with trouble go out under their own headers, are mended, and come in again."""
