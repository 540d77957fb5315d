"""What is known of a run, from the events alone."""

from sandbox.engine import events
from sandbox.watch.failure import Failure
from sandbox.watch.model import StackRun

STACK = events.Resource("urn:pulumi:d::p::pulumi:pulumi:Stack::p-d", events.ROOT_TYPE, "", False)
GROUP = events.Resource("urn:pulumi:d::p::x:y:Group::network", "x:y:Group", STACK.urn, False)
INNER = events.Resource("urn:pulumi:d::p::x:y:Group$x:y:Inner::zone", "x:y:Inner", GROUP.urn, False)
VPC = events.Resource("urn:pulumi:d::p::x:y:Group$aws:ec2/vpc:Vpc::vpc", "aws:ec2/vpc:Vpc", GROUP.urn, True)
SUBNET = events.Resource("urn:pulumi:d::p::x:y:Inner$aws:ec2/subnet:Subnet::subnet", "aws:ec2/subnet:Subnet", INNER.urn, True)
LONE = events.Resource("urn:pulumi:d::p::aws:kms/key:Key::lone", "aws:kms/key:Key", STACK.urn, True)
PROVIDER = events.Resource("urn:pulumi:d::p::pulumi:providers:aws::default", "pulumi:providers:aws", "", True)
ALL = (STACK, PROVIDER, GROUP, INNER, VPC, SUBNET, LONE)


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def previewed(op: str = "create") -> StackRun:
    run = StackRun("d", "applying", Clock())
    for resource in ALL:
        run.tell(events.StepBegan(resource, op, planning=True))
        run.tell(events.StepEnded(resource, op, planning=True))
    run.tell(events.PhaseEnded(True, "succeeded", {op: len(ALL)}))
    return run


def do(run: StackRun, resource: events.Resource, op: str = "create", ended_as: str | None = None) -> None:
    run.tell(events.StepBegan(resource, op, planning=False))
    run.tell(events.StepEnded(resource, ended_as or op, planning=False))


def test_the_preview_says_how_many_steps_there_will_be() -> None:
    run = previewed()
    assert (run.phase, run.planned, run.done) == ("previewing", len(ALL), 0)
    for resource in ALL:
        do(run, resource)
        do(run, resource) if resource is None else run.tell(events.StepEnded(resource, "create", planning=False))
    assert (run.phase, run.done) == ("applying", len(ALL))


def test_resources_belong_to_the_component_under_the_stack_however_deep() -> None:
    run = previewed()
    for resource in ALL:
        do(run, resource)
    counts = {branch.resource.name: (branch.done, branch.known) for branch in run.branches.values()}
    assert counts == {"network": (4, 4), "lone": (1, 1)}


def test_what_is_being_worked_on_is_listed_the_longest_first() -> None:
    run = previewed()
    for resource in (STACK, GROUP, INNER):
        do(run, resource)
    run.tell(events.StepBegan(VPC, "create", planning=False))
    run.tell(events.StepBegan(SUBNET, "delete", planning=False))
    assert [(work.resource.name, work.doing) for work in run.running()] == [("vpc", "creating"), ("subnet", "deleting")]
    network = next(branch for branch in run.branches.values() if branch.resource is GROUP)
    assert len(list(run.running_in(network))) == 2
    run.tell(events.StepEnded(VPC, "create", planning=False))
    assert [work.resource.name for work in run.running()] == ["subnet"]


def test_a_failure_is_told_once_with_the_resource_it_is_about() -> None:
    run = previewed()
    run.tell(events.StepBegan(VPC, "create", planning=False))
    message = events.Message("creating: VpcLimitExceeded\n", "error", VPC.urn)
    told = run.tell(message)
    assert isinstance(told, Failure)
    assert told.where == "aws:ec2/vpc:Vpc vpc"
    assert run.tell(message) is None
    run.tell(events.StepFailed(VPC, "create"))
    assert run.tell(events.Message("update failed\n", "error", "")) is None
    assert run.failures == [told]
    assert run.running() == []
    assert [branch.failed for branch in run.branches.values() if branch.resource is GROUP] == [1]


def test_an_error_about_a_resource_never_seen_is_named_from_its_urn() -> None:
    told = StackRun("d", "destroying").tell(events.Message("no\n", "error", SUBNET.urn))
    assert isinstance(told, Failure)
    assert told.where == "aws:ec2/subnet:Subnet subnet"


def test_what_the_program_prints_and_warns_is_passed_on_once() -> None:
    run = StackRun("d", "applying")
    assert run.tell(events.Message("hello\n", "info", "")) == "hello"
    assert run.tell(events.Message("hello\n", "info", "")) is None
    assert run.tell(events.Message("  \n", "info", "")) is None
    assert run.notes == ["hello"]


def test_a_mandatory_policy_fails_and_an_advisory_one_is_a_note() -> None:
    run = StackRun("d", "applying")
    assert isinstance(run.tell(events.Violation("encrypt", "p", "mandatory", "not encrypted", VPC.urn)), Failure)
    assert run.tell(events.Violation("tags", "p", "advisory", "no  tags", VPC.urn)) == "policy tags on vpc: no tags"
    assert run.tell(events.Violation("tags", "p", "advisory", "no  tags", VPC.urn)) is None
    assert run.tell(events.Violation("undecided", "p", "advisory", "one is open", "")) == "policy undecided: one is open"
    assert run.tell(events.Violation("undecided", "p", "advisory", "another is", "")) == "policy undecided: another is"


def test_replacing_counts_its_steps_and_not_its_mark() -> None:
    run = StackRun("d", "applying")
    for op in ("create-replacement", "replace", "delete-replaced"):
        run.tell(events.StepBegan(VPC, op, planning=True))
    run.tell(events.PhaseEnded(True, "succeeded", {"replace": 1}))
    assert run.planned == 2
    for op in ("create-replacement", "replace", "delete-replaced"):
        do(run, VPC, op)
    assert run.done == 2


def test_a_refresh_lists_what_it_found_changed() -> None:
    run = StackRun("d", "refreshing")
    do(run, VPC, "refresh", "same")
    do(run, SUBNET, "refresh", "delete")
    run.tell(events.StepBegan(LONE, "refresh", planning=False))
    run.tell(events.StepEnded(LONE, "update", planning=False, differs=("tags",)))
    assert [(change.resource.name, change.op, change.differs) for change in run.drifted] == [
        ("subnet", "delete", ()),
        ("lone", "update", ("tags",)),
    ]


def test_planned_changes_leave_out_what_stays() -> None:
    run = StackRun("d", "previewing")
    run.tell(events.StepBegan(VPC, "same", planning=True))
    run.tell(events.StepBegan(LONE, "update", planning=True, differs=("tags.a",)))
    assert [(change.resource.name, change.differs) for change in run.planned_changes] == [("lone", ("tags.a",))]


def test_the_end_is_success_failure_or_the_persons_wish() -> None:
    for succeeded, canceled, phase in ((True, False, "done"), (False, False, "failed"), (False, True, "canceled")):
        run = StackRun("d", "applying")
        run.end(succeeded, canceled)
        assert run.over and run.phase == phase
