# A Kubernetes cluster: the user's KUBECONFIG, else K3s in a container, else the node image built from source.
# Sourced after say.sh and docker.sh. Leaves KUBECONFIG exported and cluster_kind set to given, k3s or node.

CLUSTER=${KAPPA_CLUSTER:-kappa-cluster}
K3S_IMAGE=rancher/k3s:v1.34.4-k3s1
# The gateway's NodePort, published on loopback under the same number.
KAPPA_ENDPOINT_PORT=${KAPPA_ENDPOINT_PORT:-31780}

# kubectl and helm on the PATH: the user's own, else built from source.
ensure_tools() {
    export PATH=$PATH:$KAPPA_CACHE/bin
    if ! command -v kubectl >/dev/null || ! command -v helm >/dev/null; then
        e2e/cluster/build tools
    fi
}

is_given_cluster() { [ -n "${KUBECONFIG:-}" ] && [ "$KUBECONFIG" != "$PWD/.kappa/kubeconfig" ]; }

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

ensure_cluster() {
    if is_given_cluster; then
        ensure_tools
        kubectl get nodes >/dev/null || die "the cluster of KUBECONFIG does not answer" "unset KUBECONFIG, or mend it"
        cluster_kind=given
        return 0
    fi
    ensure_docker
    if [ "$(docker inspect -f '{{.State.Running}}' $CLUSTER 2>/dev/null)" != true ]; then
        docker rm -fv $CLUSTER >/dev/null 2>&1 || true
        start_cluster
    fi
    cluster_kind=$(docker inspect -f '{{index .Config.Labels "dev.kappa.cluster"}}' $CLUSTER)
    ensure_tools
    write_kubeconfig
    wait_for_cluster
}

start_cluster() {
    local kind=node image=kappa-node:dev arguments=(server --tls-san=localhost)
    if can_pull $K3S_IMAGE; then
        kind=k3s image=$K3S_IMAGE
        arguments+=(--disable=traefik,metrics-server)
    else
        e2e/cluster/build
    fi
    step "starting a cluster ($image) as the container $CLUSTER"
    docker run -d --privileged --name $CLUSTER --label "dev.kappa.cluster=$kind" --tmpfs /run \
        -p 127.0.0.1::6443 -p "127.0.0.1:$KAPPA_ENDPOINT_PORT:31780" $image "${arguments[@]}" >/dev/null
}

write_kubeconfig() {
    local port tries
    mkdir -p .kappa
    for tries in $(seq 240); do
        docker exec $CLUSTER test -s /etc/rancher/k3s/k3s.yaml 2>/dev/null && break
        sleep 0.5
    done
    port=$(docker port $CLUSTER 6443/tcp | head -1 | sed 's/.*://')
    docker exec $CLUSTER cat /etc/rancher/k3s/k3s.yaml |
        sed "s#https://127.0.0.1:6443#https://127.0.0.1:$port#" >.kappa/kubeconfig ||
        die "no kubeconfig in $CLUSTER after $tries tries" "docker logs $CLUSTER"
    chmod 600 .kappa/kubeconfig
    export KUBECONFIG=$PWD/.kappa/kubeconfig
}

wait_for_cluster() {
    local tries
    for tries in $(seq 240); do
        kubectl -n kube-system wait --for=condition=Available deployment/coredns --timeout=60s >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    die "the cluster has no DNS after $tries tries" "docker logs $CLUSTER"
}
