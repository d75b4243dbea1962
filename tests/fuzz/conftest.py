"""Fuzzing is judged by what it finds, not by how busy the machine is; it takes seconds."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz", deadline=None, max_examples=40, suppress_health_check=list(HealthCheck)
)
settings.load_profile("fuzz")
