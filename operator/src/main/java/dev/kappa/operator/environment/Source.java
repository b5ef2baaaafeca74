package dev.kappa.operator.environment;

/**
 * An object that holds values.
 *
 * @param kind Secret or ConfigMap
 * @param namespace of the object and of the functions that may name it
 * @param name of the object
 */
record Source(Kind kind, String namespace, String name) {
    /** The kinds of objects, as Kubernetes writes them. */
    enum Kind {
        SECRET("Secret"),
        CONFIG_MAP("ConfigMap");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public String toString() {
        return kind + " " + name + " of namespace " + namespace;
    }
}
