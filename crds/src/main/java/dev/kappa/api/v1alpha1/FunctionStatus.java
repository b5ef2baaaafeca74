package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator observed of a function or a version. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class FunctionStatus {
    /** Generation of the resource that this status tells of. */
    public Long observedGeneration;

    /** Ready and CodeReady, each with reason and message. */
    public List<Condition> conditions;

    /** Hash of the code and configuration that new events run on. */
    public String revision;

    /** Digest of the code package; absent when the code is an image. */
    public String codeSha256;

    /** The image that instances run, when the code is one; pinned if it has a digest. */
    public String image;

    /** Pods wanted now. */
    public Integer replicas;

    /** Pods that are Ready. */
    public Integer readyReplicas;

    /** Digest of code and configuration, as a published version freezes them. */
    public String configSha256;

    /** Of a function: the highest number that a version ever had; no version gets it again. */
    public Integer lastVersion;

    /** Of a function: what the version with that number froze, as in {@code configSha256}. */
    public String publishedSha256;

    /** Of a version: the aliases that point to it, which keep it from being deleted. */
    public List<String> aliases;

    /** Of a function: its asynchronous events; absent if it never had any. */
    public AsyncStatus async;

    /** Asynchronous events, as they were seen some seconds ago. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class AsyncStatus {
        /** Events that were accepted and have not ended. */
        public Long backlog;

        /** Events that were given up and are kept. */
        public Long deadLetters;
    }
}
