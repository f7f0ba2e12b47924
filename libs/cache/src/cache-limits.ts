/**
 * An entry is served as it is for this long, counted from its load in Postgres across both layers together; its loader
 * may ask for less.
 */
export const FRESH_MS = 15_000

/** Lifetime of what changes all the time and without notices: statistics, messages that are still to be sent. */
export const BRIEF_MS = 1000

/** An entry is kept this long for use while the loader fails. */
export const KEPT_MS = 3_600_000

/** A missing thing counts as missing for this long. */
export const NEGATIVE_MS = 2000

/**
 * Lifetimes are shortened by a random part of up to this much, so that entries which were loaded together are not
 * all loaded again together.
 */
export const JITTER = 0.2

/**
 * How long a fence stands. A fill is refused once its load began FRESH_MS ago, so that a fence which outlives this by
 * far has met every load that began before the change.
 */
export const FENCE_MS = 60_000

/**
 * Versions in Redis that differ by more, where they cannot by the rules, were written by another program, or by a clock that
 * was wrong: they are not believed, and what is known better overwrites them.
 */
export const BELIEVED_MS = 120_000

/** Where an old entry exists, a loader that is silent for this long counts as failing for the request at hand. */
export const LOADER_PATIENCE_MS = 2000

/** After a loader failed for a key, its old entry is served without another try for this long. */
export const LOADER_PAUSE_MS = 1000

/** Longest wait for one Redis command. */
export const REDIS_TIMEOUT_MS = 100
