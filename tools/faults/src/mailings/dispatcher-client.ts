import { ensure } from '../ensure.ts'
import type { Person } from './create-people.ts'
import type { Plan } from './create-plans.ts'

const LINES_OF_A_REQUEST = 25_000
const TIMEOUT_MS = 120_000

/** @throws BrokenPromiseError unless it is answered with 2xx */
export async function callDispatcher<T>(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  ensure(response.ok, `${method} ${url} answered ${response.status}: ${text.slice(0, 1000)}`)
  return JSON.parse(text) as T
}

/** Imports people as clients, over the public API. */
export async function importPeople(dispatcherUrl: string, people: readonly Person[]): Promise<void> {
  for (let at = 0; at < people.length; at += LINES_OF_A_REQUEST) {
    const lines = people
      .slice(at, at + LINES_OF_A_REQUEST)
      .map((person) => JSON.stringify({ ...person, phone: String(person.phone) }))
    await callDispatcher(`${dispatcherUrl}/api/v1/clients/import`, 'POST', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    })
  }
}

/**
 * @param key under which a repeat creates no second one
 * @returns the mailing's id
 */
export async function createMailing(dispatcherUrl: string, plan: Plan, key?: string): Promise<number> {
  const { name, channel, operatorCodes, tags, window, ratePerSecond } = plan
  const mailing = {
    ...{ name, text: `${name}: hello, {{ phone }} of {{ operatorCode }}`, filter: { operatorCodes, tags } },
    channel,
    ...(channel === 'email' && { subject: `${name}: for {{ tag }}` }),
    start: new Date(plan.startMs).toISOString(),
    end: new Date(plan.endMs).toISOString(),
    window: window && { from: timeOfDay(window.from), to: timeOfDay(window.to) },
    ratePerSecond,
  }
  const url = `${dispatcherUrl}/api/v1/mailings`
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return (await callDispatcher<{ id: number }>(url, 'POST', mailing, headers)).id
}

function timeOfDay(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
