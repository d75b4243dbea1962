"""The proposals API over HTTP: routes, what a body may be, answers and problems as JSON."""
