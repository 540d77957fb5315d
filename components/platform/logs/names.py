"""What the parts of the log search call each other."""

NAME = "logs"
"""Of every custom resource, and so the beginning of the names that the operator gives."""
NAMESPACE = "logging"
SHIPPERS_NAMESPACE = "log-shippers"
OPERATOR = "elastic-operator"
ELASTICSEARCH_PODS = {"elasticsearch.k8s.elastic.co/cluster-name": NAME, "common.k8s.elastic.co/type": "elasticsearch"}
KIBANA_PODS = {"kibana.k8s.elastic.co/name": NAME, "common.k8s.elastic.co/type": "kibana"}
LOGSTASH_PODS = {"logstash.k8s.elastic.co/name": NAME, "common.k8s.elastic.co/type": "logstash"}
FILEBEAT_PODS = {"beat.k8s.elastic.co/name": NAME, "common.k8s.elastic.co/type": "beat"}
OPERATOR_PODS = {"app.kubernetes.io/name": OPERATOR, "app.kubernetes.io/instance": OPERATOR}
SETTINGS_PODS = {"app.kubernetes.io/name": "log-settings"}
"""Labels of pods.

Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/customize-pods
"""
SEARCH_PORT, TRANSPORT_PORT, KIBANA_PORT, WEBHOOK_PORT = 9200, 9300, 5601, 9443
ADDRESS = f"https://{NAME}-es-http.{NAMESPACE}.svc:{SEARCH_PORT}"
AUTHORITY_SECRET = f"{NAME}-es-http-certs-public"
"""The operator's, with the certificate that signs Elasticsearch's."""
INTAKE_HOST = f"{NAME}-ls-beats.{NAMESPACE}.svc"
SETTINGS_USER, READER, AUDITOR = "log-settings", "log-reader", "log-auditor"
"""Users, roles of the same names, and secrets with their passwords; none of them is the superuser."""
INTAKE_TLS, SHIPPER_TLS = "logstash-tls", "filebeat-tls"
ANONYMISATION_SECRET, KIBANA_SECRET = "log-anonymisation", "kibana-keys"
REPOSITORY = "snapshots"
USER = 1000
"""Of Elastic's images."""
