"""`dev` for a developer, `test` for the suite, `production` for anything that people use; all begin at `base`."""
