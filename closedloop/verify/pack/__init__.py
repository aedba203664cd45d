"""A policy pack as the checks read it, and the arithmetic of its dates."""
