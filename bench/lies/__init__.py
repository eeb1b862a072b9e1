"""False facts under true quotes: how many of them the checks notice, and how often they object to honest ones.

A lie leaves every quote of an article as it is, and adds, changes or leaves out statements of a passage. It is caught
when a warning or a violation is found that the honest article does not have. `python -m bench lies` runs them all.
"""
