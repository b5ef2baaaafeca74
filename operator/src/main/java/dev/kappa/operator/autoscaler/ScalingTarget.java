package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a version asks of the autoscaler.
 *
 * @param id which version
 * @param revision hash of its code and configuration; instances of others do not count
 * @param proven whether an instance of this revision has initialised its handler, or failed to, before
 * @param min instances kept while idle
 * @param provisioned instances kept ready for provisioned concurrency, within the limits
 * @param max instances at most
 * @param idleTimeout how long the last instance stays idle before it goes; null to learn it from the idle times of the version
 * @param perInstance events that an instance runs at once
 * @param reserved limit of concurrent events of the function, null for none; 0 switches it off
 */
public record ScalingTarget(
        VersionKey id,
        String revision,
        boolean proven,
        int min,
        int provisioned,
        int max,
        @Nullable Duration idleTimeout,
        int perInstance,
        @Nullable Integer reserved) {

    ScalingTarget withProof() {
        return new ScalingTarget(id, revision, true, min, provisioned, max, idleTimeout, perInstance, reserved);
    }

    ScalingTarget withFloor(int floor) {
        return floor <= min
                ? this
                : new ScalingTarget(
                        id,
                        revision,
                        proven,
                        Math.min(floor, max),
                        provisioned,
                        max,
                        idleTimeout,
                        perInstance,
                        reserved);
    }

    /** Instances that are to be there whatever the demand is, as far as the limits allow. */
    public int kept() {
        return withFloor(provisioned).clamp(0);
    }

    /**
     * What limits leave of a number of instances.
     *
     * @param replicas wanted
     */
    public int clamp(int replicas) {
        if (reserved == null) {
            return Math.clamp(replicas, min, max);
        }
        // The start that proves a handler runs no event: a function that is switched off has it as well.
        int proof = proven ? 0 : 1;
        int most = Math.min(max, Math.max(proof, Math.ceilDiv(reserved, perInstance)));
        return Math.min(Math.max(replicas, reserved == 0 ? 0 : min), most);
    }
}
