"""Galaxies too large or too foreign for physics: rows that come to life when they are asked for."""
