package dev.kappa.jetstream;

/**
 * How large queues may become.
 *
 * @param partitions number of streams that hold the events of all functions; positive
 * @param partitionBytes of each of them, reserved on the disk
 * @param queueBytes of one function's events; no more than half of a partition, of what others leave free
 */
public record QueueSizes(int partitions, long partitionBytes, long queueBytes) {}
