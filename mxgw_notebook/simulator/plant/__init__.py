"""The simulated plant: equipment that behaves physically, its attributes and its alarms. Knows no gRPC."""
