import type { RedisClient } from './create-redis-client.ts'
import { decodeEntry, encodeEntry } from './entry.ts'
import type { RedisGuard } from './redis-guard.ts'
import { FENCE_MS, FRESH_MS, KEPT_MS } from './cache-limits.ts'
import { FENCE, FILL, READ } from './redis-scripts.ts'
import type { Remote, RemoteRead } from './remote.ts'

/** Larger entries stay out of Redis: they would delay the commands of other clients. */
const MAX_ENTRY_BYTES = 2 * 1024 * 1024

type Reply = [now: number, entry?: Buffer, ttlMs?: number, superseded?: number]

interface Scripts {
  runnelReadBuffer(entry: string, fence: string): Promise<Reply>
  runnelFill(
    entry: string,
    fence: string,
    bytes: Buffer,
    ticket: number,
    kept: number,
    fresh: number,
  ): Promise<1>
  runnelFence(keyCount: number, ...keysVersionTtl: (string | number)[]): Promise<1>
}

/** Redis behind a breaker: while it is unreachable, no command is sent. */
export function createRedisRemote(redis: RedisClient, guard: RedisGuard): Remote {
  redis.defineCommand('runnelRead', { numberOfKeys: 2, lua: READ })
  redis.defineCommand('runnelFill', { numberOfKeys: 2, lua: FILL })
  redis.defineCommand('runnelFence', { lua: FENCE })
  const scripts = redis as unknown as Scripts

  return {
    async read(key) {
      const reply = await guard(() => scripts.runnelReadBuffer(key.entry, key.fence))
      return reply && toRead(reply)
    },
    async fill(key, entry, ticketMs) {
      if (entry.body.length > MAX_ENTRY_BYTES) return
      const bytes = encodeEntry(entry)
      await guard(() => scripts.runnelFill(key.entry, key.fence, bytes, ticketMs, KEPT_MS, FRESH_MS))
    },
    async fence({ fence, entry }, version) {
      const keys = entry === undefined ? [fence] : [fence, entry]
      await guard(() => scripts.runnelFence(keys.length, ...keys, version, FENCE_MS))
    },
  }
}

function toRead([ticketMs, bytes, ttlMs = 0, superseded]: Reply): RemoteRead {
  // One that lives for longer than any was not written by a fill: its age is not known.
  const entry = bytes && ttlMs > 0 && ttlMs <= KEPT_MS ? decodeEntry(bytes) : undefined
  if (!entry) return { ticketMs }
  return {
    ticketMs,
    found: { entry, ageMs: KEPT_MS - ttlMs, superseded: superseded === 1 },
  }
}
