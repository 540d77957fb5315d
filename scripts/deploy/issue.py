"""The one issue about drift: opened, updated or closed by GitLab's API.

Source: https://docs.gitlab.com/api/issues/
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from scripts.gitlab import GitLabError, Rest, Words

WORDS = Words(
    variable="GITLAB_DRIFT_TOKEN",
    absent="there is no such project, or it has no issues: check CI_PROJECT_ID and the project's settings",
    refused="GitLab does not take the issue: look at what it says",
)


def keep_issue(rest: Rest, project: str, title: str, label: str, text: str, *, wanted: bool) -> str:
    """Bring the one open issue of this title and label up to date, and return what was done. `project` is a number or a path.

    One that is there is updated, and closed when it is not `wanted` any more; without one it is opened when it is. The oldest counts
    where somebody made several. Raises GitLabError.
    """
    issues = f"/projects/{quote(project, safe='')}/issues"
    query = urlencode({"state": "opened", "labels": label, "search": title, "in": "title", "order_by": "created_at", "sort": "asc"})
    found = [each for each in rest.ask("GET", f"{issues}?{query}") if each["title"] == title]
    if not found:
        if not wanted:
            return "no issue is open, and none is needed"
        made = rest.ask("POST", issues, {"title": title, "labels": label, "description": text}, doubtful=True)
        if made is None:
            raise GitLabError("GitLab failed while it made the issue, and may have made it: run the job again later, which looks first")
        return f"opened {made['web_url']}"
    changes = {"description": text} | ({} if wanted else {"state_event": "close"})
    changed = rest.ask("PUT", f"{issues}/{found[0]['iid']}", changes)
    return f"{'updated' if wanted else 'closed'} {changed['web_url']}"
