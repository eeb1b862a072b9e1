"""`python -m tools.pages` writes every page anew."""

from tools.pages import generate

generate.main()
