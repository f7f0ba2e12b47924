const HOUR_MS = 60 * 60 * 1000

/**
 * A mailing that makes its messages and keeps them: its window is closed for hours, in the one zone that the
 * clients of {@link MailingStore} live in, whose time is UTC.
 *
 * @param operatorCodes of its clients; none: all clients
 * @returns its id
 */
export async function createClosedMailing(
  dispatcherUrl: string,
  operatorCodes: readonly string[] = [],
): Promise<number> {
  const timeOfDay = (ms: number) => new Date(ms).toISOString().slice(11, 16)
  const now = Date.now()
  const { id } = await ask<{ id: number }>(`${dispatcherUrl}/api/v1/mailings`, 'POST', {
    text: 'Hello {{ attributes.name }}, your order is ready.',
    filter: { operatorCodes },
    end: new Date(now + 24 * HOUR_MS).toISOString(),
    window: { from: timeOfDay(now + 6 * HOUR_MS), to: timeOfDay(now + 7 * HOUR_MS) },
  })
  return id
}

/** Lets it be sent at any time of the day. */
export async function openMailing(dispatcherUrl: string, id: number): Promise<void> {
  await ask(`${dispatcherUrl}/api/v1/mailings/${id}`, 'PATCH', { window: null })
}

/** Nothing more of it is sent. */
export async function cancelMailing(dispatcherUrl: string, id: number): Promise<void> {
  await ask(`${dispatcherUrl}/api/v1/mailings/${id}/cancel`, 'POST')
}

async function ask<T>(url: string, method: string, body?: object): Promise<T> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { method, ...(body && json) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`)
  return JSON.parse(text) as T
}
