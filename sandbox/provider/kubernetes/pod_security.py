"""The Pod Security Standards, as the API server enforces them on the pods of a namespace.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.facts.problem import Problem, choices, shown
from sandbox.provider.kubernetes.objects import at, containers, items, mapping
from sandbox.provider.values import UNKNOWN

ENFORCE = "pod-security.kubernetes.io/enforce"
LEVELS = ("privileged", "baseline", "restricted")

_CAPABILITIES = {
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
}
_SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
}
_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"}
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_UNCONFINED = "Unconfined"


def problems(level: str, template: Mapping[str, Any]) -> Iterator[Problem]:
    """What keeps pods of this template from being made where `level` is enforced; what is not known is not judged."""
    if level in ("baseline", "restricted"):
        yield from _baseline(template)
    if level == "restricted":
        yield from _restricted(template)


def _baseline(template: Mapping[str, Any]) -> Iterator[Problem]:
    spec = mapping(template.get("spec"))
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(name) is True:
            yield Problem(f"spec.{name}", "must not be true")
    for position, volume in items(spec.get("volumes")):
        if "hostPath" in volume:
            yield Problem(f"spec.volumes[{position}].hostPath", "must not be used: a pod has no business with its node's files")
    for position, sysctl in items(at(spec, "securityContext", "sysctls")):
        if sysctl.get("name") not in (*_SYSCTLS, UNKNOWN):
            yield Problem(
                f"spec.securityContext.sysctls[{position}].name", f"is not among those that are safe (got {shown(sysctl.get('name'))})"
            )
    yield from _context("spec.securityContext", mapping(spec.get("securityContext")))
    for path, container in containers(template):
        context = mapping(container.get("securityContext"))
        if context.get("privileged") is True:
            yield Problem(f"{path}.securityContext.privileged", "must not be true")
        yield from _added(f"{path}.securityContext.capabilities.add", context, _CAPABILITIES)
        if context.get("procMount") not in (None, "Default", UNKNOWN):
            yield Problem(f"{path}.securityContext.procMount", f"must be Default (got {shown(context['procMount'])})")
        yield from _context(f"{path}.securityContext", context)
        for position, port in items(container.get("ports")):
            if port.get("hostPort") not in (None, 0, UNKNOWN):
                yield Problem(f"{path}.ports[{position}].hostPort", f"must not be used (got {port['hostPort']})")


def _context(path: str, context: Mapping[str, Any]) -> Iterator[Problem]:
    """What pods and containers say alike."""
    for name in ("seccompProfile", "appArmorProfile"):
        if at(context, name, "type") == _UNCONFINED:
            yield Problem(f"{path}.{name}.type", "must not be Unconfined")
    if at(context, "seLinuxOptions", "type") not in (None, *_SELINUX):
        yield Problem(f"{path}.seLinuxOptions.type", f"must be one of {choices(kind for kind in _SELINUX if kind)}")
    for name in ("user", "role"):
        if at(context, "seLinuxOptions", name):
            yield Problem(f"{path}.seLinuxOptions.{name}", "must not be set")
    if at(context, "windowsOptions", "hostProcess") is True:
        yield Problem(f"{path}.windowsOptions.hostProcess", "must not be true")


def _restricted(template: Mapping[str, Any]) -> Iterator[Problem]:
    spec = mapping(template.get("spec"))
    for position, volume in items(spec.get("volumes")):
        for kind in volume.keys() - _VOLUMES - {"name", "hostPath"}:
            yield Problem(f"spec.volumes[{position}].{kind}", f"must not be used: volumes may be {choices(sorted(_VOLUMES))}")
    pod = mapping(spec.get("securityContext"))
    if spec.get("securityContext") is UNKNOWN:
        return
    if pod.get("runAsUser") == 0:
        yield Problem("spec.securityContext.runAsUser", "must not be root (0)")
    for path, container in containers(template):
        if container.get("securityContext") is UNKNOWN:
            continue
        yield from _restricted_container(f"{path}.securityContext", mapping(container.get("securityContext")), pod)


def _restricted_container(path: str, context: Mapping[str, Any], pod: Mapping[str, Any]) -> Iterator[Problem]:
    if context.get("allowPrivilegeEscalation") not in (False, UNKNOWN):
        yield Problem(f"{path}.allowPrivilegeEscalation", "must be false")
    dropped = at(context, "capabilities", "drop")
    if mapping(context.get("capabilities")).get("drop") is not UNKNOWN and "ALL" not in (dropped or ()) and UNKNOWN not in (dropped or ()):
        yield Problem(f"{path}.capabilities.drop", f'must have "ALL" (got {choices(dropped or ()) or "none"})')
    yield from _added(f"{path}.capabilities.add", context, {"NET_BIND_SERVICE"})
    if context.get("runAsUser") == 0:
        yield Problem(f"{path}.runAsUser", "must not be root (0)")
    own, inherited = context.get("runAsNonRoot"), pod.get("runAsNonRoot")
    if (own if own is not None else inherited) not in (True, UNKNOWN):
        yield Problem(f"{path}.runAsNonRoot", "must be true, on the container or on the pod")
    seccomp = context.get("seccompProfile", pod.get("seccompProfile"))
    kind = seccomp if seccomp is UNKNOWN else mapping(seccomp).get("type")
    if kind not in ("RuntimeDefault", "Localhost", UNKNOWN) and kind != _UNCONFINED:
        yield Problem(f"{path}.seccompProfile.type", "must be RuntimeDefault or Localhost, on the container or on the pod")


def _added(path: str, context: Mapping[str, Any], allowed: set[str]) -> Iterator[Problem]:
    added = at(context, "capabilities", "add")
    for name in added if isinstance(added, list) else ():
        if name is not UNKNOWN and name not in allowed:
            yield Problem(path, f"must not have {name}: allowed are {choices(sorted(allowed))}")
