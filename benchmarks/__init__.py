"""Speed as ratios: `python -m benchmarks NAME`. How and why stands in README.md beside this file."""
