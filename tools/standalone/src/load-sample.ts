import type { SignOwn } from '@runnel/http'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSampleClients, createSampleMailing } from './sample-mailing.ts'
import { createSample } from './sample.ts'

export interface SampleTarget {
  /** Base URLs. */
  readonly ingest: string
  readonly dispatcher: string
  /** Whether messages reach people: then the sample has no clients and no mailing, for its phones are made up. */
  readonly sendsForReal: boolean
  /** Proves that this process asks, where keys are asked for. */
  readonly sign: SignOwn
  readonly signal: AbortSignal
}

/** What the first start has left. */
export interface LoadedSample {
  readonly mailingId?: number
}

const MARKER = 'sample-loaded'
const TIMEOUT_MS = 10_000
/** Of a client whose phone is known already. */
const CONFLICT = 409

/**
 * Sends the sample to the apps as any client would, on the first start of a folder alone: what was deleted since does not
 * come back. Keys make it whole, and once, when the first start was cut short.
 *
 * @returns undefined where this was not the first start
 * @throws Error where an app does not take it; the next start tries again
 */
export async function loadSampleOnce(
  folder: string,
  target: SampleTarget,
): Promise<LoadedSample | undefined> {
  const marker = join(folder, MARKER)
  if (existsSync(marker)) return undefined
  const { ingest, signal, sign } = target
  for (const [route, items] of createSample(Date.now()))
    await post(ingest + route, items, { signal, headers: sign('ingest-api', 'POST', route) })
  const loaded = target.sendsForReal ? {} : { mailingId: await startSampleMailing(target) }
  writeFileSync(marker, `${new Date().toISOString()}\n`)
  return loaded
}

async function startSampleMailing({ dispatcher, signal, sign }: SampleTarget): Promise<number> {
  const postTo = (route: string, body: object, known?: number) => {
    const headers = sign('message-dispatcher', 'POST', route)
    return post(dispatcher + route, body, { signal, headers, ...(known !== undefined && { known }) })
  }
  for (const client of createSampleClients()) await postTo('/api/v1/clients', client, CONFLICT)
  const mailing = await postTo('/api/v1/mailings', createSampleMailing(Date.now()))
  return (mailing as { id: number }).id
}

interface PostOptions {
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string>>
  /** A status beside 2xx that is as good. */
  readonly known?: number
}

async function post(url: string, body: object, { signal, known, headers }: PostOptions): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'sample', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  })
  const text = await response.text()
  if (!response.ok && response.status !== known)
    throw new Error(`${url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
