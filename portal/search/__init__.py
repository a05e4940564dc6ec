"""Search in Chinese over whatever the apps register: finds what stands there, character for character."""
