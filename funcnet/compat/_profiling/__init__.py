"""Events and streams of devices, for profilers and timers."""
