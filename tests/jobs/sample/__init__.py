"""An app with jobs that misbehave on purpose; installed in the test settings, so a real worker knows them too."""
