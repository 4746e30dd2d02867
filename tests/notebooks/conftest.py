import pytest
import sample_lesson

from lrcourse.notebooks.__main__ import main


@pytest.fixture(scope="session")
def lesson_text(tmp_path_factory):
    """The text of the sample lesson's file, written by the writer."""
    path = sample_lesson.save(sample_lesson.draft(), tmp_path_factory.mktemp("lesson"))
    assert main([str(path)]) == 0
    return path.read_text(encoding="utf-8")


@pytest.fixture
def lesson(lesson_text, tmp_path):
    """The file of a written sample lesson, to do with as a test likes."""
    path = tmp_path / sample_lesson.NAME
    path.write_text(lesson_text, encoding="utf-8")
    return path
