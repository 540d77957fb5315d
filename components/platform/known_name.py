"""The name of an object that is known before the object is there."""

import pulumi


def known_name(made: pulumi.Resource, name: str) -> pulumi.Output[str]:
    """Return the name that `made` was given; whoever uses it waits for the object.

    Of the object's own properties a first preview knows none, as its cluster is not there yet: the urn is known, and the policies that
    judge a preview must see what belongs to what.
    """
    return made.urn.apply(lambda _urn: name)
