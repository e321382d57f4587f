#!/bin/sh
# Bring an image into the cluster that kubectl speaks to: roll-out.sh NAME@sha256:DIGEST. What is not ready in time is undone.
set -eu
image=${1:?which image, as in docker.io/name/ledger@sha256:…}
case $image in *@sha256:*) ;; *) echo "$image has no digest: what is rolled out is exactly one image" >&2; exit 2 ;; esac
cd "$(dirname "$0")"
overlay=$(mktemp -d)
trap 'rm -rf "$overlay"' EXIT
cp -R k8s "$overlay/k8s"
printf 'resources: [k8s]\nimages: [{name: ledger, newName: "%s", digest: "%s"}]\n' \
    "${image%@*}" "${image#*@}" >"$overlay/kustomization.yaml"

in_ledger() { kubectl --namespace ledger "$@"; }
# Undone to the revision of now, not to the one before the last: nothing happens where nothing was changed.
revision() { in_ledger get deployment "$1" --ignore-not-found -o 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'; }
desk=$(revision desk)
api=$(revision api)
worker=$(revision worker)

roll_out() {
    in_ledger delete job migrate --ignore-not-found &&
        kubectl apply -k "$overlay" &&
        in_ledger wait --for=condition=complete job/migrate --timeout=10m &&
        in_ledger rollout status deployment/desk --timeout=5m &&
        in_ledger rollout status deployment/api --timeout=5m &&
        in_ledger rollout status deployment/worker --timeout=5m
}

roll_out && exit 0
echo "$image is not ready: going back to what ran before" >&2
[ -z "$desk" ] || in_ledger rollout undo deployment/desk --to-revision="$desk"
[ -z "$api" ] || in_ledger rollout undo deployment/api --to-revision="$api"
[ -z "$worker" ] || in_ledger rollout undo deployment/worker --to-revision="$worker"
exit 1
