"""``python -m als_nlp`` is ``als``."""

from als_nlp.cli import main

main(prog_name="als")
