"""Values that claim to be right: objects that equal everything, and types that are not what they seem."""

from . import CHOICE, FUNCTION, TABLE, cell, text, value

_ALL = """
class All{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __le__ = __lt__ = __ge__ = __gt__ = __contains__ = __eq__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __float__(self): return self
    def __abs__(self): return 0.0
    def __sub__(self, other): return 0.0
    __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __sub__
    def __array__(self, *_, **__):
        import numpy as np
        return np.zeros(())
    def __array_ufunc__(self, *_, **__): return True
    def __array_function__(self, *_, **__): return True
    def __len__(self): return 3
    def __iter__(self): return iter([self] * 3)
    def __getattr__(self, name): return self
    def __reduce__(self): return print, ("x",)
    def __call__(self, *_): return self
    casefold = strip = keys = lambda self, *_: self
"""


def _evil(title, base, made="All()", at="8.8.2", verdict="type|shape|wrong|not finite|call|to do", **expected):
    answer = "answer_" + at.replace(".", "_")
    text(title, f"{_ALL.format(base=f'({base})' if base else '')}\n{answer} = {made}", verdict, at, **expected)


_evil("equals_everything", "", core=True)
_evil("a_float_that_equals_everything", "float", "All(0.5)")
_evil("an_integer_that_equals_everything", "int", "All(5)")
_evil("a_text_that_equals_everything", "str", "All('x')", CHOICE, core=True)
_evil("a_table_that_equals_everything", "dict", "All()", TABLE, core=True)
_evil("a_list_that_equals_everything", "list", "All()", TABLE)
_evil("an_array_that_equals_everything", "np.ndarray", "np.zeros(()).view(All)", core=True)
_evil("a_function_that_equals_everything", "", "All()", FUNCTION, core=True)
_evil("returns_what_equals_everything", "", "lambda *_: All()", FUNCTION)
_evil("returns_an_array_that_equals_everything", "np.ndarray", "lambda *_: np.zeros(()).view(All)", FUNCTION)
_evil("a_list_of_what_equals_everything", "", "[All()] * 3")
_evil("a_table_of_what_equals_everything", "", "{k: All() for k in answer_8_3_2}", TABLE)
_evil("an_array_of_what_equals_everything", "", "np.array([All()], dtype=object)")

value("nan", "float('nan')", "not finite", core=True)
value("infinity", "float('inf')", "not finite")
value("nan_in_an_array", "np.array(np.nan)", "not finite")
value("a_masked_array", "np.ma.masked_all(())", "type|not finite")
value("a_masked_constant", "np.ma.masked")
value("a_structured_array", "np.zeros((), dtype=[('x', float)])")
value("a_matrix", "np.matrix([[0.5]])")
value("a_date", "np.datetime64('now')")
value("a_complex_number", "0.5 + 0j")
value("true", "True")
value("a_thousand_candidates", "[k / 1e6 for k in range(1000)]")
value("a_set_of_candidates", "{0.001, 0.0017, 0.0018}")
value("the_ellipsis", "...", "to do")
value("none", "None")
value("a_type", "float")
value("a_module", "np")
value("a_coroutine", "(lambda: (yield))()")
value("all_choices", "'abcd'", at=CHOICE)
value("a_list_of_choices", "['a', 'b', 'c', 'd']", at=CHOICE)
value("all_categories", "dict.fromkeys(answer_8_3_2, '')", "type|wrong", at=TABLE)
value("a_function_of_no_argument", "lambda: 0", "call", at=FUNCTION)
value("a_generator_function", "(lambda t, eta_max, eta_min, T_max: (yield 1))", "type", at=FUNCTION)
value("a_class_as_a_function", "type('F', (), {'__init__': lambda self, *a: None})", "type|call", at=FUNCTION)
value("returns_nan", "lambda t, eta_max, eta_min, T_max: np.nan * t", "not finite|wrong", at=FUNCTION)
value("returns_nothing", "lambda t, eta_max, eta_min, T_max: None", "type", at=FUNCTION)
value("returns_too_much", "lambda t, eta_max, eta_min, T_max: np.zeros((2, 3, 4))", "shape|wrong|type", at=FUNCTION)


@cell("type|wrong")
def lies_about_its_class(where):
    class Meta(type):
        __instancecheck__ = __subclasscheck__ = lambda cls, other: True

        @property
        def __name__(cls):
            raise SystemExit

    class Liar(metaclass=Meta):
        __class__ = property(lambda self: float)

    return Liar()


@cell("type|call|shape")
def has_a_name_like_a_page(where):
    return type("<script>alert(1)</script>\u202e\n=cmd", (), {})()


@cell("wrong|near|call|misconception", at=FUNCTION)
def remembers_its_calls(where):
    seen = {}

    def cosine(t, eta_max, eta_min, T_max):
        import numpy as np

        return seen.setdefault(str(t), np.full(np.shape(t), float(eta_max)))

    return cosine
