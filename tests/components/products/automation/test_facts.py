from components.products.automation.facts import PUBLIC_PATHS, Role, SecretKey


def test_each_role_has_labels_that_no_other_has() -> None:
    assert len({tuple(role.match.items()) for role in Role}) == len(Role)


def test_paths_of_tests_and_of_the_editor_are_not_public() -> None:
    assert not [path for path in PUBLIC_PATHS if "test" in path or path.startswith(("/rest", "/api", "/mcp-server")) or path == "/*"]
    # A rule of a load balancer holds five values at most.
    assert len(PUBLIC_PATHS) <= 5


def test_a_password_that_is_hashed_is_apart_from_what_is_copied() -> None:
    assert {key for key in SecretKey if key.secret != SecretKey.ENCRYPTION.secret} == {SecretKey.OWNER}
