"""`make soak`: load for many minutes, with faults that come and go, on a process that runs as operators run it."""
