package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator observed of a function or a version. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class FunctionStatus {
    /** Generation of the resource that this status describes. */
    public Long observedGeneration;

    /** The conditions, each with reason and message: Ready sums up, the others name a part. */
    public List<Condition> conditions;

    /** Hash of the code and configuration that new events run on. */
    public String revision;

    /** The runtime that instances run on, the nearest to spec.runtime that the cluster has; absent when the code is an image. */
    public String runtime;

    /** Digest of the code package; absent when the code is an image. */
    public String codeSha256;

    /** Where the code package was fetched from, if that is a bucket. */
    public S3Object s3;

    /** The packages of spec.layers, in its order. */
    public List<StoredLayer> layers;

    /** The image that instances run when the code is an image; pinned if it has a digest. */
    public String image;

    /** Number of instances that are wanted now. */
    public Integer replicas;

    /** Number of instances that are ready. */
    public Integer readyReplicas;

    /** Digest of code and configuration, as a published version freezes them. */
    public String configSha256;

    /** Of a function: the highest number that a version ever had; no version gets it again. */
    public Integer lastVersion;

    /** Of a function: digest of what the version with the number lastVersion froze, as in configSha256. */
    public String publishedSha256;

    /** Of a version: the aliases that point to it, which keep it from being deleted. */
    public List<String> aliases;

    /** Of a version: how far its provisioned concurrency is, or that of its aliases. */
    public ProvisionedStatus provisioned;

    /** Of a function: where spec.url is served. */
    public String url;

    /** Of a function: its asynchronous events; absent if it never had any. */
    public AsyncStatus async;

    /** An object of a bucket that a package was fetched from, once. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class S3Object {
        /** What the manifest said; only when it says something else is an object fetched anew. */
        public String source;

        /** The version of the object that was fetched; absent if the bucket keeps none. */
        public String versionId;
    }

    /** The package of a layer. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class StoredLayer {
        /** Digest of the package. */
        public String sha256;

        /** Where it was fetched from, if that is a bucket. */
        public S3Object s3;
    }

    /** Numbers of asynchronous events, as they were some seconds ago. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class AsyncStatus {
        /** Number of events that were accepted and have not ended. */
        public Long backlog;

        /** Number of events that were given up and are kept. */
        public Long deadLetters;
    }
}
