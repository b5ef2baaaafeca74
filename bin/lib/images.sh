# Brings images into the cluster; sourced after cluster.sh.

# tag_by_id NAME: tags NAME:dev by its image id and prints NAME:<id>, so that an unchanged image never re-rolls a pod.
tag_by_id() {
    local id
    id=$(docker image inspect -f '{{.Id}}' "$1:dev" | sed 's/^sha256://' | cut -c1-12)
    docker tag "$1:dev" "$1:$id"
    echo "$1:$id"
}

# load_images IMAGE…: into the node of our own cluster, or to KAPPA_IMAGE_REGISTRY for a given one.
load_images() {
    local image there missing=()
    if [ "$cluster_kind" = given ]; then
        [ -n "${KAPPA_IMAGE_REGISTRY:-}" ] || die "a given cluster needs a registry to pull Kappa's images from" \
            "set KAPPA_IMAGE_REGISTRY to one that you can push to"
        run push "pushing $* to $KAPPA_IMAGE_REGISTRY" push_images "$@"
        return
    fi
    there=$(docker exec "$CLUSTER" ctr -n k8s.io images ls -q 2>/dev/null)
    for image in "$@"; do
        grep -qx "docker.io/$image" <<<"$there" || missing+=("$image")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    run load "loading ${missing[*]} into the node" import_images "${missing[@]}"
}

import_images() { docker save "$@" | docker exec -i "$CLUSTER" ctr -n k8s.io images import - >/dev/null; }

push_images() {
    local image
    for image in "$@"; do
        docker tag "$image" "$KAPPA_IMAGE_REGISTRY/$image"
        docker push -q "$KAPPA_IMAGE_REGISTRY/$image" >/dev/null
    done
}

# image_ref IMAGE: how the cluster names it.
image_ref() {
    if [ "$cluster_kind" = given ]; then echo "$KAPPA_IMAGE_REGISTRY/$1"; else echo "$1"; fi
}
