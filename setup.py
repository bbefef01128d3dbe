"""What pyproject.toml can't say in plain words: the C extension that lets the rule engine load on Python 3.13."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("appraisal.inference._callobject", ["appraisal/inference/_callobject.c"])])
