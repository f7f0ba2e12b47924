import { Redis } from 'ioredis'

const TIMEOUT_MS = 2000

/** @throws Error unless a Redis answers PING */
export async function probeRedis(url: string): Promise<void> {
  const client = connectRedisOnce(url)
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}

/** Not connected yet; one try, no queue. */
export function connectRedisOnce(url: string): Redis {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  })
  // Its errors reach the caller through the rejected command.
  client.on('error', () => {})
  return client
}
