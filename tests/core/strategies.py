"""Strategies for hypothesis: any value of any record of the game, made from its annotations."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from mafia_district.phases import Phase

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Draw any value of an annotated type of the game's records."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple and inner[1:] == (...,):
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, inner))
    if origin in (Union, UnionType):
        return st.one_of(*map(values, inner))
    if origin is Literal:
        return st.sampled_from(inner)
    if attrs.has(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: values(hints[name]) for name in hints})
    if kind is Phase:
        return st.sampled_from(Phase)
    return {
        int: st.integers(-(2**63), 2**63 - 1),
        str: TEXTS,
        bool: st.booleans(),
        type(None): st.none(),
    }[kind]
