const LIMIT_MS = 60_000

/** Posts to an app. @throws Error unless it answers 2xx */
export async function sendBody<T>(url: string, body: object | string): Promise<T> {
  const isText = typeof body === 'string'
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': isText ? 'text/csv' : 'application/json' },
    body: isText ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
  return JSON.parse(text) as T
}
