package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The custom resources on the API server; blocks, so call it on a virtual thread. */
public interface ResourceStore {
    /**
     * Reads one.
     *
     * @param kind of what
     * @param namespace where
     * @param name its name
     * @return as the API server has it now; empty if there is none
     * @throws ResourceException if the API server does not answer
     */
    Optional<Resource> get(Kind kind, String namespace, String name);

    /**
     * Reads all of a namespace.
     *
     * @param kind of what
     * @param namespace where
     * @return as the API server has them now
     * @throws ResourceException if the API server does not answer
     */
    List<Resource> list(Kind kind, String namespace);

    /**
     * Reads those of a function.
     *
     * @param kind versions or aliases
     * @param namespace where
     * @param function its name
     * @return as the API server has them now
     * @throws ResourceException if the API server does not answer
     */
    List<Resource> listOf(Kind kind, String namespace, String function);

    /**
     * Creates one that belongs to no other.
     *
     * @param kind a function or a layer
     * @param namespace where
     * @param name its name
     * @param spec its spec
     * @return as the API server stored it
     * @throws ResourceException 409 if the name is taken, 422 if the spec is refused, 404 if there is no such namespace
     */
    Resource create(Kind kind, String namespace, String name, JsonObject spec);

    /**
     * Creates one that goes with the function it belongs to.
     *
     * @param kind a version or an alias
     * @param owner the function
     * @param name its name
     * @param spec its spec
     * @return as the API server stored it
     * @throws ResourceException 409 if the name is taken, 422 if the spec is refused
     */
    Resource create(Kind kind, Resource owner, String name, JsonObject spec);

    /**
     * Changes a spec, unless somebody else wrote since it was read.
     *
     * @param read as it was read
     * @param spec the fields to set; null removes one
     * @return as the API server stored it
     * @throws ResourceException 409 if somebody else wrote, 404 if it is gone, 422 if the spec is refused
     */
    Resource patch(Resource read, JsonObject spec);

    /**
     * Deletes one; what is gone already is no error.
     *
     * @param read as it was read
     * @throws ResourceException 403 if a policy of admission refuses
     */
    void delete(Resource read);
}
