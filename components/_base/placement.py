"""Puts what a component makes for another region there."""

import pulumi


def standing_in(region: str) -> pulumi.ResourceTransformation:
    """Return the transformation that gives `region` to every resource that stands in one; global ones, such as roles, have none.

    By a transformation, which reaches all that is below a component, so that no child can be forgotten; and not by a provider of its
    own, since each provider is one more process for the engine to start and to ask (ADR 16).
    Source: https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/
    """

    def place(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if "region" not in args.props:
            return None
        return pulumi.ResourceTransformationResult(props={**args.props, "region": region}, opts=args.opts)

    return place
