package dev.kappa.lambda;

/**
 * A function in the cluster.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record FunctionKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
