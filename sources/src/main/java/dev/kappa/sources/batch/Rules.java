package dev.kappa.sources.batch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules by which the engines divide batches; the tests' mutants change them. */
class Rules {
    /** The lane that keeps the order of a record's key. */
    int lane(SourceRecord record, int lanes) {
        return Math.floorMod(record.key().hashCode(), lanes);
    }

    /** Two batches of one with several records. */
    List<List<Entry>> halves(List<Entry> batch) {
        int middle = batch.size() / 2;
        return List.of(batch.subList(0, middle), batch.subList(middle, batch.size()));
    }

    /** How many of the first records are done: those before the first that failed, none if an id is unknown. */
    int done(List<SourceRecord> batch, List<String> failed) {
        if (failed.isEmpty()) {
            return batch.size();
        }
        Set<String> left = new HashSet<>(failed);
        int first = batch.size();
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (left.remove(batch.get(i).id())) {
                first = i;
            }
        }
        return left.isEmpty() ? first : 0;
    }

    /** What of a queue's batch is done: what did not fail, and with groups, nothing that follows a failed one of its group. */
    Set<Held> done(List<Held> batch, Set<String> failed, boolean fifo) {
        Set<Held> done = new HashSet<>();
        Set<String> blocked = new HashSet<>();
        for (Held held : batch) {
            if (failed.contains(held.delivery().record().id())) {
                blocked.add(held.group());
            } else if (!fifo || !blocked.contains(held.group())) {
                done.add(held);
            }
        }
        return done;
    }
}
