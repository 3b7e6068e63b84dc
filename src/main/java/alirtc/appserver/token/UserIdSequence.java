package alirtc.appserver.token;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws user ids of eight decimal digits that look random and do not repeat for a hundred million draws: a second join
 * under a user id would kick the first. Thread-safe.
 *
 * <p>A counter goes through a secret permutation, a Feistel network of four rounds on two halves of 14 bits, again and
 * again until the result has eight digits. Its keys and the counter's start are secure random numbers, so that two
 * servers draw from different orders. Each thread counts on by itself for {@value #TURN} numbers, since a counter that two
 * threads share with every token makes both of them slower.
 */
final class UserIdSequence {
    private static final int HALF_BITS = 14;
    private static final int HALF_MASK = (1 << HALF_BITS) - 1;
    private static final int COUNT = 100_000_000;
    private static final int TURN = 64;

    private final AtomicLong counter;

    /** The next number of a thread and the end of its turn; of no class of ours, which a container's threads would keep. */
    private final ThreadLocal<long[]> turn = ThreadLocal.withInitial(() -> new long[2]);

    private final long[] keys;

    UserIdSequence(SecureRandom random) {
        counter = new AtomicLong(random.nextInt(COUNT));
        keys = random.longs(4).toArray();
    }

    /** Returns the next user id. */
    UserId next() {
        int number = (int) Math.floorMod(count(turn.get()), (long) COUNT);
        do {
            number = permute(number);
        } while (number >= COUNT);
        return new UserId(Integer.toString(COUNT + number).substring(1));
    }

    private long count(long[] mine) {
        if (mine[0] == mine[1]) {
            mine[0] = counter.getAndAdd(TURN);
            mine[1] = mine[0] + TURN;
        }
        return mine[0]++;
    }

    private int permute(int number) {
        int left = number >>> HALF_BITS;
        int right = number & HALF_MASK;
        for (long key : keys) {
            int mixed = left ^ (scramble(right, key) & HALF_MASK);
            left = right;
            right = mixed;
        }
        return left << HALF_BITS | right;
    }

    /** Spreads every bit of a half and of a key over the result (the finalizer of MurmurHash3). */
    private static int scramble(int half, long key) {
        long x = (half + 1) * (key | 1);
        x = (x ^ x >>> 33) * 0xff51afd7ed558ccdL;
        x = (x ^ x >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (x ^ x >>> 33);
    }
}
