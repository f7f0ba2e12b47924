import type { SessionAttribute } from '@runnel/runtime'
import pg from 'pg'
import type { Seat, ServerChoice } from './server-choice.ts'

/** As the driver's types have it: with an error, or with null and the client. */
type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void)

interface ServerKind {
  readonly standby: boolean
  readonly readonly: boolean
}

const ASK_KIND = `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as readonly`

/** Whether a server is what each attribute asks for; those of libpq mean the same. */
const FITS: Readonly<Record<Exclude<SessionAttribute, 'any'>, (kind: ServerKind) => boolean>> = {
  'read-write': ({ readonly }) => !readonly,
  'read-only': ({ readonly }) => readonly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
}

/** A client of a pool with the server that it is for. */
export interface SeatedClient extends pg.Client {
  readonly seat: Seat
  /** Whether a commit came back before a synchronous standby had it. */
  readonly isUnconfirmed: boolean
}

/** The function of PostgreSQL that waits for a standby: its warnings have no code of their own, and a text in any language. */
const WAIT_ROUTINE = 'SyncRepWaitForLSN'

/**
 * The driver's client (pg 8 knows one server and no `target_session_attrs`), for a server of a choice. One that cannot be reached, or is not
 * of the kind that is asked for, is given up, and the connection fails.
 */
export function createSeatedClient(choice: ServerChoice): typeof pg.Client {
  class Seated extends pg.Client implements SeatedClient {
    readonly seat: Seat
    isUnconfirmed = false

    constructor(config: pg.ClientConfig) {
      const seat = choice.seat()
      super({ ...config, connectionString: seat.url })
      this.seat = seat
      // Between the answer to its login and that about its kind the pool does not listen: what breaks there fails `connect`.
      this.on('error', () => undefined)
      this.on('notice', ({ routine }) => {
        if (routine === WAIT_ROUTINE) this.isUnconfirmed = true
      })
    }

    override connect(): Promise<pg.Client>
    override connect(callback: Connected): void
    override connect(callback?: Connected): Promise<pg.Client> | void {
      const connected = this.#connect()
      if (callback === undefined) return connected
      const report = callback as (error: Error | null, client?: pg.Client) => void
      connected.then((client) => report(null, client), report)
    }

    async #connect(): Promise<pg.Client> {
      try {
        await super.connect()
        await this.#requireKind()
        return this
      } catch (error) {
        choice.giveUp(this.seat)
        throw error
      }
    }

    async #requireKind(): Promise<void> {
      const { attribute } = choice
      if (attribute === 'any') return
      const { rows } = await this.query<ServerKind>(ASK_KIND)
      if (FITS[attribute](rows[0]!)) return
      void this.end()
      throw new Error(
        `PostgreSQL at ${this.host}:${this.port} is ${describe(rows[0]!)}, and target_session_attrs asks for ${attribute}`,
      )
    }
  }
  return Seated
}

function describe({ standby, readonly }: ServerKind): string {
  if (standby) return 'a standby'
  return readonly ? 'read-only' : 'a primary'
}
