# Builds Kappa and installs its chart; sourced after images.sh.

namespace=kappa-system
kappa_images=(operator gateway control-plane runtime-java25 runtime-python3.13 runtime-nodejs20 runtime-image)
nats_image=kappa/nats:2.15.2
declare -A image

# Jars and images, as far as they changed. COMMAND…, in the name of STEP, runs beside them: build_kappa STEP TEXT COMMAND….
build_kappa() {
    begin "$@"
    begin fetch "fetching the languages' runtimes and Debian's base image" function-shim/build-images fetch
    run jars "building the jars" "$MVN" -B -ntp -DskipTests package
    await fetch
    run images "building the images" build_images
    await "$1"
    can_pull $nats_image || e2e/cluster/build nats
}

build_images() {
    operator/build-image
    gateway/build-image
    control-plane/build-image
    function-shim/build-images
    examples/hello-image/build-image
}

# Leaves in image[NAME] what the cluster calls each image.
load_kappa() {
    local name tags=()
    for name in "${kappa_images[@]}"; do
        image[$name]=$(tag_by_id "kappa/$name")
        tags+=("${image[$name]}")
    done
    load_images $nats_image "${tags[@]}"
    for name in "${kappa_images[@]}"; do
        image[$name]=$(image_ref "${image[$name]}")
    done
}

install_kappa() {
    local storage=()
    if ! has_default_storage; then
        step "the cluster has no default StorageClass: code packages and queued events are lost with the pod of NATS"
        storage=(--set nats.storage.persistent=false)
    fi
    run chart "installing the chart" install_chart "${storage[@]}"
}

install_chart() { # options of helm…
    kubectl apply --server-side --force-conflicts -f helm/kappa/crds >/dev/null
    kubectl wait --for=condition=Established --timeout=60s crd/functions.kappa.dev crd/versions.kappa.dev \
        crd/aliases.kappa.dev >/dev/null
    helm upgrade --install kappa helm/kappa --namespace $namespace --create-namespace --wait --timeout 3m \
        --set "operator.image=${image[operator]},gateway.image=${image[gateway]}" \
        --set "api.image=${image[control-plane]},nats.image=$(image_ref $nats_image)" \
        --set "gateway.service.type=NodePort,gateway.service.nodePort=31780" "$@" \
        --set-string "runtimes.java25=${image[runtime-java25]},runtimes.nodejs20=${image[runtime-nodejs20]}" \
        --set-string "runtimes.python3\\.13=${image[runtime-python3.13]},runtimes.image=${image[runtime-image]}" >/dev/null ||
        die "the chart cannot be installed" "kubectl -n $namespace get pods; kubectl -n $namespace get events"
}

has_default_storage() {
    kubectl get storageclass -o jsonpath='{.items[*].metadata.annotations.storageclass\.kubernetes\.io/is-default-class}' |
        grep -q true
}
