"""Pull the plug: the served site under seeded faults, and a checker that holds it to its word. docs/reliability.md."""
