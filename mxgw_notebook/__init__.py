"""Explore a plant on AVEVA System Platform from Jupyter, through the MXAccess Gateway."""
