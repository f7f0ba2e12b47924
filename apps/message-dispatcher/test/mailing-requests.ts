import { expect } from '@jest/globals'
import type { MailingStatus } from '@runnel/contracts'
import type { Mailing } from '@runnel/contracts/api/mailing'
import type { Database } from '@runnel/repositories-database'
import type { Answer, TestDispatcher } from './start-dispatcher.ts'

export const MAILINGS = '/api/v1/mailings'
export const NOON_MS = Date.parse('2026-03-01T12:00:00Z')

/** A valid mailing for all clients, from now to the next day. */
export function mailing(members: object = {}): object {
  return { name: 'Sale', text: 'Hello {{ attributes.name }}', end: '2026-03-02T12:00:00Z', ...members }
}

/** Makes a mailing over HTTP. */
export async function post(dispatcher: TestDispatcher, members: object = {}): Promise<Mailing> {
  const answer = await dispatcher.post(MAILINGS, mailing(members))
  expect(answer.statusCode).toBe(201)
  return answer.json()
}

/** As if the schedule had brought it there. */
export async function setStatus({ kysely }: Database, id: number, status: MailingStatus): Promise<void> {
  const started = status !== 'draft' && status !== 'scheduled'
  await kysely
    .updateTable('mailing')
    .set({ status, started_at: started ? new Date(NOON_MS) : null })
    .where('id', '=', id)
    .execute()
}

export interface TestClient {
  readonly phone: number
  readonly operatorCode?: string
  readonly tag?: string
  readonly timeZone?: string
  readonly attributes?: object
  readonly optedOut?: boolean
}

export async function insertClients({ kysely }: Database, clients: readonly TestClient[]): Promise<void> {
  const rows = clients.map(({ phone, operatorCode = '916', tag = '', timeZone, attributes, optedOut }) => ({
    phone,
    operator_code: operatorCode,
    tag,
    time_zone: timeZone ?? 'Europe/Moscow',
    attributes: JSON.stringify(attributes ?? {}),
    opted_out_at: optedOut ? new Date(NOON_MS) : null,
  }))
  await kysely.insertInto('client').values(rows).execute()
}

/** A problem with this code, at this field. */
export function expectProblem(answer: Answer, status: number, code: string, field?: string): void {
  expect(answer.headers['content-type']).toMatch('application/problem+json')
  expect(answer.json()).toMatchObject({ status, code, ...(field !== undefined && { field }) })
  expect(answer.statusCode).toBe(status)
}
