"""Where things lie: coordinates of China, outlines of its districts."""
