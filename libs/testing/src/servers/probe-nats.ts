import { connect, type ConnectionOptions } from 'nats'

const TIMEOUT_MS = 2000

/** @throws Error unless a NATS server with JetStream answers */
export async function probeNats(url: string, options: ConnectionOptions = {}): Promise<void> {
  const connection = await connect({ ...natsOptions(url), ...options })
  try {
    await connection.jetstreamManager({ timeout: TIMEOUT_MS })
  } catch (error) {
    throw new Error('it has no JetStream', { cause: error })
  } finally {
    await connection.close()
  }
}

/** One try, no reconnecting. The client itself ignores a login in the URL. */
export function natsOptions(url: string): ConnectionOptions {
  const { username, password } = new URL(url)
  const login =
    username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  return { servers: url, timeout: TIMEOUT_MS, reconnect: false, name: 'runnel-services', ...login }
}
