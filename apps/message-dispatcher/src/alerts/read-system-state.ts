import type { SystemState } from '@runnel/contracts/api/system'
import type { SignOwn } from '@runnel/http'

const PATH = '/api/v1/system'
const TIMEOUT_MS = 5000
const MAX_BYTES = 1024 ** 2

/**
 * What query-api knows of all apps, as the system page shows it.
 *
 * @returns undefined where it does not answer: what is not known changes no alert
 */
export async function readSystemState(
  queryApiUrl: string,
  signOwn: SignOwn,
  signal: AbortSignal,
  fetch = globalThis.fetch,
): Promise<Pick<SystemState, 'apps' | 'broker'> | undefined> {
  try {
    const url = new URL(`${queryApiUrl.replace(/\/+$/, '')}${PATH}`)
    const response = await fetch(url, {
      headers: signOwn('query-api', 'GET', PATH),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    if (!response.ok) return undefined
    const state = JSON.parse(await readText(response)) as Partial<SystemState>
    const { apps, broker } = state
    return Array.isArray(apps) && Array.isArray(broker) ? { apps, broker } : undefined
  } catch {
    return undefined
  }
}

/** @throws RangeError where the body is longer than that */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
