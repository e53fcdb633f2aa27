"""Nobody is recognised: personal data found and replaced, small numbers withheld."""
