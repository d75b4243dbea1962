"""The HTTP side: what a host asks of a running bot."""
