"""How the models in ``qa/typo/data`` were made; not part of the wheel. See ``README.md`` beside."""
