package dev.kappa.operator.network;

import java.util.List;
import java.util.Map;

/**
 * What the policies of all functions have in common.
 *
 * @param enabled whether there are any
 * @param namespace where Kappa itself runs
 * @param gatewayLabels by which a gateway's pods are selected
 * @param privateRanges addresses that are not the Internet's, in CIDR notation
 */
public record NetworkSettings(
        boolean enabled, String namespace, Map<String, String> gatewayLabels, List<String> privateRanges) {}
