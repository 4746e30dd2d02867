"""For pytest: these import a framework at once and hold no examples; tests/interop runs them."""

collect_ignore_glob = ["for_*.py", "snippets/*_*.py"]
