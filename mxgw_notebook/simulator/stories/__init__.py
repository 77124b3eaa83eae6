"""What the plant can be made to live through, by name; told by equipment that sets other equipment going."""
