# A Kubernetes cluster: the user's KUBECONFIG, else K3s in a container, else the node image built from source.
# Sourced after say.sh and docker.sh. Leaves KUBECONFIG exported and cluster_kind set to given, k3s or node.

CLUSTER=${KAPPA_CLUSTER:-kappa-cluster}
K3S_IMAGE=rancher/k3s:v1.34.4-k3s1
# The gateway's NodePort, published on loopback under the same number.
KAPPA_ENDPOINT_PORT=${KAPPA_ENDPOINT_PORT:-31780}
# What a caller adds to the options of Docker and to the node's arguments.
cluster_options=()
cluster_arguments=()
# Of the cluster that is ours.
own_kubeconfig=$PWD/.kappa/kubeconfig

# kubectl and helm on the PATH: the user's own, else built from source.
ensure_tools() {
    export PATH=$PATH:$KAPPA_CACHE/bin
    if ! command -v kubectl >/dev/null || ! command -v helm >/dev/null; then
        e2e/cluster/build tools
    fi
}

is_given_cluster() { [ -n "${KUBECONFIG:-}" ] && [ "$KUBECONFIG" != "$own_kubeconfig" ]; }

# Where the gateway's NodePort answers; KAPPA_ENDPOINT overrides it.
endpoint() {
    local address=127.0.0.1
    if [ "$cluster_kind" = given ]; then
        address=$(kubectl get nodes -o jsonpath='{range .items[*].status.addresses[*]}{.type} {.address}{"\n"}{end}' |
            grep IP | sort | head -1 | cut -d' ' -f2)
        echo "${KAPPA_ENDPOINT:-http://$address:31780}"
    else
        echo "http://$address:$KAPPA_ENDPOINT_PORT"
    fi
}

# Where the NodePort of function URLs answers; KAPPA_URL_ENDPOINT overrides it.
url_endpoint() {
    local address
    if [ -n "${KAPPA_URL_ENDPOINT:-}" ]; then
        echo "$KAPPA_URL_ENDPOINT"
        return
    fi
    # A cluster that was started by an older checkout does not publish the port.
    [ "$cluster_kind" = given ] || address=$(docker port "$CLUSTER" 31781/tcp 2>/dev/null | head -1)
    if [ -z "${address:-}" ]; then
        address=$(kubectl get nodes -o jsonpath='{range .items[*].status.addresses[*]}{.type} {.address}{"\n"}{end}' |
            grep IP | sort | head -1 | cut -d' ' -f2):31781
    fi
    echo "http://$address"
}

# Makes what takes minutes the first time: the node's image, its container, kubectl and helm. Sets nothing.
prepare_cluster() {
    if ! is_given_cluster; then
        ensure_docker
        if [ "$(docker inspect -f '{{.State.Running}}' "$CLUSTER" 2>/dev/null)" != true ]; then
            docker rm -fv "$CLUSTER" >/dev/null 2>&1 || true
            start_cluster
        fi
    fi
    ensure_tools
}

ensure_cluster() {
    prepare_cluster
    if is_given_cluster; then
        kubectl get nodes >/dev/null || die "the cluster of KUBECONFIG does not answer" "unset KUBECONFIG, or mend it"
        cluster_kind=given
        return 0
    fi
    cluster_kind=$(docker inspect -f '{{index .Config.Labels "dev.kappa.cluster"}}' "$CLUSTER")
    run kubeconfig "waiting for the cluster's API server" wait_for_kubeconfig
    write_kubeconfig
    run dns "waiting for the cluster's DNS" wait_for_cluster
}

# Leaves in node_image what a cluster of our own runs: K3s, or the node image where no registry answers.
choose_node_image() {
    node_image=$K3S_IMAGE
    can_pull $K3S_IMAGE || node_image=kappa-node:dev
}

# The image that choose_node_image chose.
ensure_node_image() { [ "$node_image" != kappa-node:dev ] || e2e/cluster/build; }

# Of the tests' own cluster: its node_image, and what Testcontainers has to know.
choose_test_cluster() {
    choose_node_image
    export TESTCONTAINERS_HOST_OVERRIDE=localhost
    if [ "$node_image" = kappa-node:dev ]; then
        # Without a registry Testcontainers can fetch neither its reaper nor the image of its start-up checks.
        export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_CHECKS_DISABLE=true
        export TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE=$node_image
    fi
}

# The clusters that the tests of this checkout started.
remove_test_containers() {
    docker ps -aq --filter "label=dev.kappa.checkout=$PWD" 2>/dev/null | xargs -r docker rm -fv >/dev/null || true
}

start_cluster() {
    local kind=node arguments=(server --tls-san=localhost "${cluster_arguments[@]}")
    choose_node_image
    ensure_node_image
    if [ "$node_image" = "$K3S_IMAGE" ]; then
        kind=k3s
        arguments+=(--disable=traefik,metrics-server)
    fi
    step "starting a cluster ($node_image) as the container $CLUSTER"
    docker run -d --privileged --name "$CLUSTER" --label "dev.kappa.cluster=$kind" --tmpfs /run \
        -p 127.0.0.1::6443 -p "127.0.0.1:$KAPPA_ENDPOINT_PORT:31780" \
        -p "127.0.0.1:$((KAPPA_ENDPOINT_PORT + 1)):31781" "${cluster_options[@]}" "$node_image" "${arguments[@]}" >/dev/null
}

wait_for_kubeconfig() {
    local tries
    for tries in $(seq 240); do
        docker exec "$CLUSTER" test -s /etc/rancher/k3s/k3s.yaml 2>/dev/null && return 0
        sleep 0.5
    done
    die "no kubeconfig in $CLUSTER after $tries tries" "docker logs $CLUSTER"
}

write_kubeconfig() {
    local port
    mkdir -p .kappa
    port=$(docker port "$CLUSTER" 6443/tcp | head -1 | sed 's/.*://')
    docker exec "$CLUSTER" cat /etc/rancher/k3s/k3s.yaml |
        sed "s#https://127.0.0.1:6443#https://127.0.0.1:$port#" >"$own_kubeconfig"
    chmod 600 "$own_kubeconfig"
    export KUBECONFIG=$own_kubeconfig
}

wait_for_cluster() {
    local tries
    for tries in $(seq 240); do
        kubectl -n kube-system wait --for=condition=Available deployment/coredns --timeout=60s >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    die "the cluster has no DNS after $tries tries" "docker logs $CLUSTER"
}
