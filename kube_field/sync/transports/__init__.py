"""Ways to the server; `http.py` is the only module that knows the HTTP client."""
