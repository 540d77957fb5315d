"""A failure is one line: what, why, what to do."""

import pytest

from sandbox.watch import failure


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("CreateKey was refused: ThrottlingException: Rate exceeded", "run `make up` again in a while"),
        ("Could not connect to the endpoint URL", "the emulated cloud died: run `make up` again"),
        ("CreateVpc was refused: ServiceUnavailable: later", "run `make up` again; what was made is kept"),
        ("CreateAddon was refused: NotImplemented: moto: no POST /x", "record the type in sandbox/provider"),
        ("error reading from server: connection reset by peer", "the provider plugin died: run `make up` again"),
        ("unknown stack organization/morefocus/us-east-1", "`make up` does all in order"),
    ],
)
def test_a_known_cause_comes_with_a_remedy(message: str, remedy: str) -> None:
    told = failure.of_resource("aws:ec2/vpc:Vpc", "net", message)
    assert remedy in told.remedy
    assert told.line() == f"aws:ec2/vpc:Vpc net: {message} -> {told.remedy}"


@pytest.mark.parametrize(
    "message",
    [
        "CreateBucket was refused: BucketAlreadyExists: taken (bucket names are global: choose another name)",
        "the emulated cloud at 127.0.0.1:1 does not answer (refused): run `make up`, which starts it again",
    ],
)
def test_a_remedy_in_the_message_is_not_doubled(message: str) -> None:
    assert failure.of_resource("t", "n", message).remedy == ""


def test_the_cause_of_a_resource_is_brought_into_one_line() -> None:
    message = "1 error occurred:\n\t* creating Key:   no\n\n"
    assert failure.of_resource("t", "n", message).line() == "t n: 1 error occurred:; creating Key: no"


def test_a_programs_traceback_keeps_its_lines() -> None:
    text = "Program failed with an unhandled exception:\nTraceback (most recent call last):\n  x\nValueError: throttled"
    assert failure.of_program(f"{text}\n\n").line() == text


def test_an_error_of_the_program_is_told_without_the_engines_preface() -> None:
    assert failure.of_program("an unhandled error occurred: Program exited with non-zero exit code: 3\n").line() == (
        "Program exited with non-zero exit code: 3"
    )


def test_a_plugin_that_ended_is_told_in_a_line_with_what_it_printed() -> None:
    engine = "Detected that /x/pulumi-resource-aws exited prematurely. \n       This is *always* a bug in the provider. \n"
    engine += "       To assist with debugging we have dumped the STDOUT and STDERR streams of the plugin:"
    assert failure.of_program(f"{engine}\n\n").line() == "the provider plugin ended -> run `make up` again"
    assert "the provider plugin ended: MemoryError" in failure.of_program(f"{engine}MemoryError\n\n").line()
