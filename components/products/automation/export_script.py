"""What the export's last container runs: count, copy, and say that it is done."""

FOLDER = "/export"
"""Where n8n writes, a file for each workflow and credential."""
PREFIX = "n8n"
"""Below which all objects of the export are."""
METRIC_NAMESPACE, METRIC = "MoreFocus/Automation", "WorkflowExports"

_SCRIPT = """\
# n8n's export ends well also when it fails to read credentials: a folder that is not there is what tells.
for part in workflows credentials; do
  [ -d {folder}/$part ] || {{ echo "no folder of $part: n8n exported nothing" >&2; exit 1; }}
done
count() {{ set -- "$1"/*.json; [ -e "$1" ] && echo $# || echo 0; }}
workflows=$(count {folder}/workflows)
credentials=$(count {folder}/credentials)
# Fewer than nothing is no backup: where there were workflows, none at all is a fault and must not mark them deleted.
if [ "$workflows" -eq 0 ] && [ -n "$(aws s3 ls "s3://$BUCKET/{prefix}/workflows/")" ]; then
  echo "no workflow was exported, and there were some before" >&2
  exit 1
fi
# A new object is a new version; what is gone gets a mark and keeps its versions.
aws s3 sync {folder}/ "s3://$BUCKET/{prefix}/" --delete --no-progress
aws cloudwatch put-metric-data --namespace {namespace} --metric-name {metric} --dimensions "Stack=$STACK" --value 1 --unit Count
echo "exported $workflows workflows and $credentials credentials"
"""


def upload_script() -> str:
    """Return a POSIX shell script; it reads BUCKET and STACK, and is run with `-e`."""
    return _SCRIPT.format(folder=FOLDER, prefix=PREFIX, namespace=METRIC_NAMESPACE, metric=METRIC)
