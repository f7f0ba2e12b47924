/** What the primary had written at a time of this process. */
interface Sample {
  readonly atMs: number
  readonly position: bigint
}

/** Samples that are kept: at four a second, those of a minute. Of older ones nothing more is said. */
const MAX_SAMPLES = 240

/**
 * How old the data of replicas is, by positions in the log and the monotonic clock of this process alone: what the primary had written
 * at a time, where the replica has replayed all of it, is no older than that time. So no replica counts as late because its primary rests, and
 * no clocks of servers are compared.
 */
export class ReplicaLag {
  readonly #samples: Sample[] = []

  /** @param atMs monotonic milliseconds before the primary was asked: what it had acknowledged by then is before the position */
  sample(atMs: number, position: bigint): void {
    this.#samples.push({ atMs, position })
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift()
  }

  /** Another primary took over: positions of before mean nothing any more. */
  clear(): void {
    this.#samples.length = 0
  }

  /** @returns the newest known time of which a replica that replayed up to `position` has everything; undefined: it is older than is known */
  completeUntilMs(position: bigint): number | undefined {
    return this.#samples.findLast((sample) => sample.position <= position)?.atMs
  }
}
