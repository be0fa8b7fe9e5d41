"""The project's checks, each in an environment of its own.

`nox` runs lint, types, imports and, against the built wheel, all tests and examples. `nox -s tests`
runs the tests against the checkout, `nox -s docs` those of the documents, `nox -s bench` measures,
and `nox -s long` plays in full what the tests play in short: published odds, ten thousand nights,
generated requests.

Environments are kept between runs; `nox --no-reuse-existing-virtualenvs` makes them anew.
"""

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
ALL_CORES = ("--numprocesses", "auto")
LONG = (
    "tests/lab/test_published.py",
    "tests/core/night/test_many_nights.py",
    "tests/servers/test_schemathesis.py",
)

nox.needs_version = ">=2024.10.9"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "imports", "package"]


def install(session: nox.Session, *groups: str) -> None:
    """Install the project in place, with groups of development dependencies."""
    session.install("--editable", ".", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the three packages, strictly."""
    install(session, "lint")
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Check which way imports run."""
    install(session, "lint")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Check that the documents' links lead somewhere and that every example is true."""
    install(session, "test")
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against the checkout; arguments after `--` go to pytest."""
    install(session, "test")
    session.run("pytest", *ALL_CORES, *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build the wheel, install it and run the tests against it, as a user has it."""
    session.install(".", *nox.project.dependency_groups(PYPROJECT, "test"))
    session.run("pytest", *ALL_CORES, *session.posargs)


@nox.session
def long(session: nox.Session) -> None:
    """Play odds, nights of random roles and generated requests in their full number."""
    install(session, "test")
    session.run("pytest", "--long", *ALL_CORES, *(session.posargs or LONG))


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, and hold the figures against their limits."""
    install(session, "test")
    session.run("python", "-m", "bench", *session.posargs)
