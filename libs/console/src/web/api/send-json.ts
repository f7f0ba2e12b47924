import { parseJson } from './parse-json.ts'
import { request } from './request.ts'

export interface SendOptions {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

/** Writes. @returns the answer's JSON; undefined where it has no body @throws ApiError */
export async function sendJson<T>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  { signal, headers }: SendOptions = {},
): Promise<T> {
  const response = await request(path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  })
  const text = await response.text()
  return (text === '' ? undefined : parseJson(text)) as T
}
