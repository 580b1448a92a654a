"""`dev` for a developer's machine, `test` for the suite, `production` for anything that people use; all begin at `base`."""
