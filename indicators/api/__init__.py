"""The API for schools' own systems: what is due, a form, its draft, its evidence, handing it in.

The same services as the pages, the same gate. What is refused is told as RFC 9457 tells it.
"""
