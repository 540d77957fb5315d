"""Search over logs: Filebeat reads them, Logstash takes persons out of them, Elasticsearch keeps and Kibana shows them (OBS-4, COM-2)."""
