"""HTTP: tables of routes, the one endpoint that runs them, and what an answer looks like."""
