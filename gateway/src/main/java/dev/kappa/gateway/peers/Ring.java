package dev.kappa.gateway.peers;

import dev.kappa.lambda.FunctionKey;
import java.util.Collection;
import java.util.List;

/** Names the owner of a function by rendezvous hashing: a gateway that leaves moves only its own functions. */
public final class Ring {
    private final Peer self;
    private volatile List<Peer> peers;

    /**
     * A ring of this gateway alone.
     *
     * @param self this gateway
     */
    public Ring(Peer self) {
        this.self = self;
        this.peers = List.of();
    }

    /**
     * Replaces the members.
     *
     * @param ready gateways that are Ready; this one is no owner if it is missing, unless nobody is there
     */
    public void replace(Collection<Peer> ready) {
        peers = List.copyOf(ready);
    }

    /**
     * The one gateway that dispatches a function.
     *
     * @param function the function
     * @return its owner
     */
    public Peer owner(FunctionKey function) {
        List<Peer> members = peers;
        Peer best = self;
        long bestScore = Long.MIN_VALUE;
        long key = hash(function.namespace(), 0xcbf29ce484222325L);
        key = hash(function.name(), mix(key));
        for (Peer peer : members) {
            long score = mix(hash(peer.name(), mix(key)));
            if (score > bestScore || (score == bestScore && peer.name().compareTo(best.name()) < 0)) {
                best = peer;
                bestScore = score;
            }
        }
        return best;
    }

    /**
     * Whether this gateway owns a function.
     *
     * @param function the function
     * @return whether its owner is this gateway
     */
    public boolean owns(FunctionKey function) {
        return isSelf(owner(function));
    }

    /**
     * Whether a peer is this gateway.
     *
     * @param peer a member
     * @return whether the names are equal
     */
    public boolean isSelf(Peer peer) {
        return peer.name().equals(self.name());
    }

    /** FNV-1a over UTF-16 units. */
    private static long hash(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
