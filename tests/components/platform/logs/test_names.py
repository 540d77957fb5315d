from components.platform.logs.names import ADDRESS, INTAKE_HOST, NAME, NAMESPACE


def test_services_are_called_by_the_names_that_the_operator_gives_them() -> None:
    # https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/requests-routing-to-elasticsearch-nodes
    assert f"https://{NAME}-es-http.{NAMESPACE}.svc:9200" == ADDRESS
    assert INTAKE_HOST.startswith(f"{NAME}-ls-beats.")
