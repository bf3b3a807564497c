"""The speed of the site as ratios to yardsticks measured in the same run: ``make bench``, see docs/performance.md."""
