"""The map room: one HTML page that works by double click, with no network."""
