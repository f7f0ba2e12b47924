import { buildUrl, type Params } from './build-url.ts'
import { parseJson } from './parse-json.ts'
import { request } from './request.ts'

/** What was read. */
export interface Answer<T> {
  readonly data: T
  /** From a cache whose source is unreachable: may be old. */
  readonly stale: boolean
}

/** Reads JSON. @throws ApiError */
export async function getJson<T>(path: string, params?: Params, signal?: AbortSignal): Promise<Answer<T>> {
  const response = await request(buildUrl(path, params), {
    headers: { accept: 'application/json' },
    signal: signal ?? null,
  })
  const stale = /detail=stale/.test(response.headers.get('cache-status') ?? '')
  return { data: parseJson(await response.text()) as T, stale }
}
