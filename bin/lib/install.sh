# Builds Kappa and installs its chart; sourced after images.sh.

namespace=kappa-system
runtimes=($(function-shim/build-images list))
kappa_images=(operator gateway control-plane sources "${runtimes[@]/#/runtime-}")
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
    sources/build-image
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
    local name options=()
    for name in "${runtimes[@]}"; do
        options+=(--set-string "runtimes.${name//./\\.}.image=${image[runtime-$name]}")
    done
    kubectl apply --server-side --force-conflicts -f helm/kappa/crds >/dev/null
    kubectl wait --for=condition=Established --timeout=60s crd/functions.kappa.dev crd/versions.kappa.dev \
        crd/aliases.kappa.dev crd/eventsources.kappa.dev crd/layers.kappa.dev >/dev/null
    helm upgrade --install kappa helm/kappa --namespace $namespace --create-namespace --wait --timeout 3m \
        --set "operator.image=${image[operator]},gateway.image=${image[gateway]}" \
        --set "api.image=${image[control-plane]},sources.image=${image[sources]},nats.image=$(image_ref $nats_image)" \
        --set "gateway.service.type=NodePort,gateway.service.nodePort=31780" \
        --set "http.service.type=NodePort,http.service.nodePort=31781,http.address=$(url_endpoint)" "$@" "${options[@]}" >/dev/null ||
        die "the chart cannot be installed" "kubectl -n $namespace get pods; kubectl -n $namespace get events"
}

has_default_storage() {
    kubectl get storageclass -o jsonpath='{.items[*].metadata.annotations.storageclass\.kubernetes\.io/is-default-class}' |
        grep -q true
}
