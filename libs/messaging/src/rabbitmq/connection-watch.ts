import type { ChannelModel } from 'amqplib'

const PING_INTERVAL_MS = 500
/** From here on an answer is late: the broker counts as unreachable. */
const LATE_PINGS = 2
/** A connection that is silent for 10 s is given up. */
const MAX_UNANSWERED_PINGS = 20

/**
 * Asks a connection for a sign of life twice a second. AMQP's heartbeats need seconds to tell a frozen server.
 *
 * Counts unanswered pings rather than time: a process that was busy for seconds has its answer waiting in the socket, and takes
 * one tick only. A connection that the server has blocked is not read by it, and is left alone.
 */
export class ConnectionWatch {
  readonly #timer: NodeJS.Timeout
  #isBlocked = false
  #isWaiting = false
  #unanswered = 0

  private constructor(ping: () => Promise<unknown>, onSilent: () => void) {
    this.#timer = setInterval(() => {
      if (this.#isBlocked) return
      if (this.#isWaiting) {
        if (++this.#unanswered > MAX_UNANSWERED_PINGS) onSilent()
        return
      }
      this.#isWaiting = true
      ping().then(
        () => this.#answered(),
        // The connection is over, which its own events say.
        () => undefined,
      )
    }, PING_INTERVAL_MS).unref()
  }

  /** @param onSilent called when the connection is to be given up */
  static async start(connection: ChannelModel, onSilent: () => void): Promise<ConnectionWatch> {
    const channel = await connection.createChannel()
    channel.on('error', () => undefined)
    const watch = new ConnectionWatch(() => channel.prefetch(1), onSilent)
    connection.on('blocked', () => (watch.#isBlocked = true))
    connection.on('unblocked', () => (watch.#isBlocked = false))
    return watch
  }

  /** 0 while the server answers. */
  silentMs(): number {
    return !this.#isBlocked && this.#unanswered >= LATE_PINGS ? this.#unanswered * PING_INTERVAL_MS : 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #answered(): void {
    this.#isWaiting = false
    this.#unanswered = 0
  }
}
