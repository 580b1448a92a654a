"""The demo region: a fictional «Северская область» with its passports and two years of figures.

Data and figures are plain values made from a fixed seed (``geography``, ``people``, ``catalogue``, ``figures``,
``passports``); ``loading`` brings them in through the services of the portal, as people would.
"""
