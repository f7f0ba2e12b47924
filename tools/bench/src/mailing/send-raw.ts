import { Pool } from 'undici'
import type { Measurement } from '../sample.ts'
import type { ZeroGateway } from './zero-gateway.ts'

/** GATEWAY_CONNECTIONS of the dispatcher. */
const CONNECTIONS = 128

/** The most that a process could send: undici, and nothing else. @param count of messages */
export async function sendRaw({ url, token }: ZeroGateway, count: number): Promise<Measurement> {
  const pool = new Pool(url, { connections: CONNECTIONS })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  let next = 1
  let errors = 0
  const run = async () => {
    while (next <= count) {
      const id = next++
      const text = `Hello client ${id}, your order is ready.`
      const body = JSON.stringify({ id, phone: 79_000_000_000 + id, text })
      const response = await pool.request({ method: 'POST', path: `/v1/send/${id}`, headers, body })
      const { code } = (await response.body.json()) as { code: number }
      if (response.statusCode !== 200 || code !== 0) errors++
    }
  }
  const from = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, run))
  const ms = performance.now() - from
  await pool.close()
  return { rate: (count * 1000) / ms, operations: count, errors }
}
