import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSample } from './sample.ts'

const MARKER = 'sample-loaded'
const TIMEOUT_MS = 10_000

/**
 * Sends the sample to ingest-api as anybody would, on the first start of a folder alone: what was deleted since does not
 * come back. Keys make it whole, and once, when the first start was cut short.
 *
 * @returns whether this was the first start
 * @throws Error where ingest-api does not take it; the next start tries again
 */
export async function loadSampleOnce(
  folder: string,
  ingestUrl: string,
  signal: AbortSignal,
): Promise<boolean> {
  const marker = join(folder, MARKER)
  if (existsSync(marker)) return false
  for (const [route, items] of createSample(Date.now())) {
    const response = await fetch(ingestUrl + route, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'sample' },
      body: JSON.stringify(items),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    if (response.status !== 202)
      throw new Error(`${route} answered ${response.status}: ${await response.text()}`)
  }
  writeFileSync(marker, `${new Date().toISOString()}\n`)
  return true
}
