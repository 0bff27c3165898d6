"""What a cluster makes of assets/cluster/kubernetes.yaml: `check` holds it against the schema of
Kubernetes and against what its fields and first lines promise, `pod INDEX DIR` becomes the container
of one pod with its volume at DIR. Knows no other manifest than a Job of one container.
"""

import copy
import os
import re
import sys

import yaml

OLDEST, NEWEST = "1.29", "1.37"  # the first version with all fields in use, and the last schema


def refusals(job):
    """What the schemas find wrong, unknown fields included."""
    import kubernetes_validate

    for version in (OLDEST, NEWEST):
        try:
            kubernetes_validate.validate(job, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}"


def broken_promises(job):
    """What the descriptions of its fields forbid beyond the schema, and what must be the same twice."""
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    container, environment = pod["containers"][0], variables(job)
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    requests = container["resources"]["requests"]
    limits = container["resources"]["limits"]
    rules = [
        (spec["completionMode"] == "Indexed", "backoffLimitPerIndex is for an indexed Job"),
        (pod["restartPolicy"] == "Never", "backoffLimitPerIndex and podFailurePolicy restart no pod"),
        (
            "podFailurePolicy" not in spec or spec.get("podReplacementPolicy", "Failed") == "Failed",
            "with podFailurePolicy a pod is replaced when it has Failed",
        ),
        (str(spec["completions"]) == environment["SHARDS"], "completions are SHARDS"),
        (str(requests["cpu"]) == environment["JOBS"], "the processors are JOBS"),
        (requests["memory"] == limits["memory"], "memory asked for is the memory granted"),
        (set(mounts) == {v["name"] for v in pod["volumes"]}, "every volume is mounted"),
        (
            all(environment[name].startswith(f"{mounts['study']}/") for name in ("STUDY", "OUT")),
            "the study and its table are on the volume",
        ),
    ]
    return [promise for holds, promise in rules if not holds]


def variables(job):
    container = job["spec"]["template"]["spec"]["containers"][0]
    return {variable["name"]: variable["value"] for variable in container["env"]}


def expanded(text, environment):
    """A word of `command` or `args` as the kubelet hands it on: $(NAME) where there is such a
    variable, $$ as $, and everything else as it stands."""

    def one(found):
        if found[0] == "$$":
            return "$"
        return environment.get(found[1], found[0])

    return re.sub(r"\$\$|\$\(([^)]*)\)", one, text)


def check(job):
    wrong = [*refusals(job), *broken_promises(job)]
    # A check that lets these pass would say nothing.
    for path, value in [
        (("spec", "completion"), 4),
        (("spec", "completions"), "four"),
        (("spec", "template", "spec", "containers", 0, "image"), 7),
        (("spec", "podFailurePolicy", "rules", 0, "onPodConditions", 0, "kind"), "x"),
    ]:
        spoilt = copy.deepcopy(job)
        at = spoilt
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        if len(list(refusals(spoilt))) != 2:
            wrong.append(f"the schemas let {path[-1]} = {value!r} pass")
    return wrong


def pod(job, index, volume):
    """Becomes the container, with paths below its mount put below `volume`."""
    container = job["spec"]["template"]["spec"]["containers"][0]
    mount = container["volumeMounts"][0]["mountPath"]
    environment = {
        name: re.sub(f"^{re.escape(mount)}/", f"{volume}/", value)
        for name, value in variables(job).items()
    }
    environment |= {"JOB_COMPLETION_INDEX": index, "PATH": os.environ["PATH"]}
    words = [expanded(word, environment) for word in container["command"] + container["args"]]
    os.execve(words[0], words, environment)


def main(template, task, *rest):
    with open(template, encoding="utf-8") as file:
        (job,) = yaml.safe_load_all(file)
    if task == "pod":
        pod(job, *rest)
    wrong = check(job)
    for what in wrong:
        print(what, file=sys.stderr)
    sys.exit(bool(wrong))


main(*sys.argv[1:])
