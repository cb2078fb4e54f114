"""What comes in and goes out, for routers whose shapes are too many for one module."""
