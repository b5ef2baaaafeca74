package dev.kappa.bench;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Waits until so many Deployments are Ready, without asking again and again. */
final class ReadyWatch implements AutoCloseable, ResourceEventHandler<Deployment> {
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final CountDownLatch all;
    private final SharedIndexInformer<Deployment> informer;

    ReadyWatch(Function<ResourceEventHandler<Deployment>, SharedIndexInformer<Deployment>> inform, int count) {
        all = new CountDownLatch(count);
        informer = inform.apply(this);
    }

    void await() throws InterruptedException {
        if (!all.await(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + ready.size() + " bare Deployments became Ready within 120 s");
        }
    }

    @Override
    public void onAdd(Deployment deployment) {
        look(deployment);
    }

    @Override
    public void onUpdate(Deployment before, Deployment deployment) {
        look(deployment);
    }

    @Override
    public void onDelete(Deployment deployment, boolean unknownState) {
        // None is deleted while this watches.
    }

    private void look(Deployment deployment) {
        Integer replicas = deployment.getStatus().getReadyReplicas();
        if (replicas != null
                && replicas > 0
                && ready.add(deployment.getMetadata().getName())) {
            all.countDown();
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
