"""Many small cases in one test: for thousands of a millisecond each, of which pytest would make a test apiece.

    @each(("state", "action"), product(State, Action))
    def test_something(state: State, action: Action) -> None: ...

All of them are tried; what fails is named with its case. Where a case needs a fixture of its own, parametrise.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

Test = Callable[..., None]
SHOWN = 10


def each(
    names: str | tuple[str, ...], cases: Iterable[Any], ids: Callable[[Any], str] = repr
) -> Callable[[Test], Test]:
    """Return what lets one test try every case; written as `parametrize` is, and there has to be a case."""
    several = not isinstance(names, str)
    found = [dict(zip(names, case, strict=True)) if several else {str(names): case} for case in cases]
    assert found, f"nothing to try for {names}"

    def around(test: Test) -> Test:
        @functools.wraps(test)
        def tries(**fixtures: Any) -> None:  # noqa: ANN401  whatever the test asks for
            failures: list[Exception] = []
            for case in found:
                try:
                    test(**fixtures, **case)
                except Exception as failure:  # noqa: BLE001  each is told
                    failure.add_note("case: " + ", ".join(f"{name}={ids(of)}" for name, of in case.items()))
                    failures.append(failure)
            if failures:
                message = f"{len(failures)} of {len(found)} cases"
                raise ExceptionGroup(message, failures[:SHOWN])

        asked = inspect.signature(test)
        left = [parameter for name, parameter in asked.parameters.items() if name not in found[0]]
        vars(tries)["__signature__"] = asked.replace(parameters=left)
        return tries

    return around
