import type { Database } from '../database.ts'
import { classifyFailure, isStatementTimeout } from '../database-errors.ts'
import { ReplicaLag } from './replica-lag.ts'
import { readPrimaryState, readReplicaState, type ServerState } from './read-server-state.ts'

/**
 * Where a read went and why: to a `replica`; to the primary because every replica was too far behind or unreachable (`lagging`), lacked
 * what the caller wrote (`position`), or failed during the read (`failed`).
 */
export type ReadPlace = 'replica' | 'lagging' | 'position' | 'failed'

/** A standby, with the connection by which it is asked how far it is, so that long reads do not hide that. */
export interface ReplicaServer {
  /** For metrics and logs; nothing secret. */
  readonly name: string
  readonly reads: Database
  readonly probe: Database
}

export interface ReplicaSetOptions {
  readonly primary: { readonly reads: Database; readonly probe: Database }
  readonly replicas: readonly ReplicaServer[]
  readonly maxLagMs: number
  readonly onRead: (place: ReadPlace) => void
  /** A replica failed during a read, which then went to the primary. */
  readonly onFailure: (replica: string, error: unknown) => void
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

interface Replica extends ReplicaServer {
  /** As of the last probe that it answered. */
  state: ServerState | undefined
}

/** Reads from standbys whose data is young enough, and from the primary else. */
export class ReplicaSet {
  readonly #options: ReplicaSetOptions
  readonly #now: () => number
  readonly #replicas: readonly Replica[]
  readonly #lag = new ReplicaLag()
  #history: string | undefined
  #turn = 0

  constructor(options: ReplicaSetOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#replicas = options.replicas.map((replica) => ({ ...replica, state: undefined }))
  }

  /** Asks every server how far it is. Never rejects: one that does not answer is not read from. */
  async probe(): Promise<void> {
    const atMs = this.#now()
    const primary = await readPrimaryState(this.#options.primary.probe).catch(() => undefined)
    // Without an answer, the age of all replicas grows until none is used.
    if (primary) {
      if (primary.history !== this.#history) this.#lag.clear()
      this.#history = primary.history
      this.#lag.sample(atMs, primary.position)
    }
    await Promise.all(
      this.#replicas.map(async (replica) => {
        replica.state = await readReplicaState(replica.probe).catch(() => undefined)
      }),
    )
  }

  /** @returns for each replica the age of its data in milliseconds; Infinity where that is not known */
  lagsMs(): ReadonlyMap<string, number> {
    return new Map(this.#replicas.map((replica) => [replica.name, this.#lagMs(replica)]))
  }

  /**
   * Runs a read at a replica, or at the primary. A read that fails at a replica is run once more, at the primary, unless it would fail there too.
   *
   * @param position what the caller wrote is before this place in the log of the primary
   * @throws what the read throws
   */
  async run<T>(read: (database: Database) => Promise<T>, position?: bigint): Promise<T> {
    const { primary, onRead, onFailure } = this.#options
    const choice = this.#choose(position)
    if (typeof choice === 'string') {
      onRead(choice)
      return read(primary.reads)
    }
    try {
      const value = await read(choice.reads)
      onRead('replica')
      return value
    } catch (error) {
      if (isStatementTimeout(error) || classifyFailure(error) === 'data') throw error
      onFailure(choice.name, error)
      onRead('failed')
      return read(primary.reads)
    }
  }

  #choose(position: bigint | undefined): Replica | 'lagging' | 'position' {
    const young = this.#replicas.filter((replica) => this.#lagMs(replica) <= this.#options.maxLagMs)
    if (young.length === 0) return 'lagging'
    const complete = position === undefined ? young : young.filter(({ state }) => state!.position >= position)
    if (complete.length === 0) return 'position'
    return complete[this.#turn++ % complete.length]!
  }

  #lagMs({ state }: Replica): number {
    if (state === undefined || state.history !== this.#history) return Infinity
    const untilMs = this.#lag.completeUntilMs(state.position)
    return untilMs === undefined ? Infinity : this.#now() - untilMs
  }
}
