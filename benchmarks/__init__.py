"""What the product costs, always beside a peer that did the same work in the same run. See docs/benchmarks.md."""
