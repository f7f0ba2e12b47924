/** The answer to one request, or why there was none. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

const TIMEOUT_MS = 10_000

/** Sends one small log. @throws TypeError when there is no answer */
export function postLog(baseUrl: string, member: object): Promise<HttpAnswer> {
  const body = JSON.stringify({ service: 'probe', ...member })
  return sendRequest(`${baseUrl}/log`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

export async function sendRequest(url: string, init: RequestInit = {}): Promise<HttpAnswer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
  return { status: response.status, headers: response.headers, body: await response.text() }
}
