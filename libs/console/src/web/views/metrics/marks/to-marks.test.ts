import { expect, test } from '@jest/globals'
import type { LogEntry } from '../../../api/logs.ts'
import type { Mailing } from '../../../api/mailings.ts'
import { readMarkKinds } from './mark-choice.ts'
import { deployMark, mailingMark, sortMarks } from './to-marks.ts'

const mailing = { id: 7, name: 'Sale', startedAt: '1970-01-01T00:00:01Z', finishedAt: null } as Mailing

test('a mailing is marked from its start to its end, or until now', () => {
  expect(mailingMark(mailing, 9000)).toEqual([
    { kind: 'mailing', text: 'Sale', atMs: 1000, untilMs: 9000, href: '/console/mailings/7' },
  ])
  const ended = { ...mailing, name: '', finishedAt: '1970-01-01T00:00:03Z' }
  expect(mailingMark(ended, 9000)).toMatchObject([{ text: 'Mailing 7', untilMs: 3000 }])
  expect(mailingMark({ ...mailing, startedAt: null }, 9000)).toEqual([])
})

test('a deployment is marked with its message, and leads to its entry', () => {
  const entry = { id: 'x', message: 'api 2 is live', service: 'api', occurredAt: '1970-01-01T01:00:00Z' }
  const { href, ...mark } = deployMark(entry as LogEntry)
  expect(mark).toEqual({ kind: 'deploy', text: 'api 2 is live', atMs: 3_600_000 })
  expect(Object.fromEntries(new URL(href, 'http://a').searchParams)).toEqual({
    ...{ query: 'event:deploy', entry: 'x' },
    ...{ from: '1970-01-01T00:30:00.000Z', to: '1970-01-01T01:30:00.000Z' },
  })
  expect(deployMark({ ...entry, message: null } as LogEntry).text).toBe('api')
})

test('marks stand in the order of their times', () => {
  const marks = [3, 1, 2].map((atMs) => ({ kind: 'deploy', text: '', href: '', atMs }) as const)
  expect(sortMarks(marks).map(({ atMs }) => atMs)).toEqual([1, 2, 3])
})

test('an address names the kinds of marks that it asks for', () => {
  expect(readMarkKinds(new URLSearchParams('marks=deploys,mailings,other'))).toEqual(['mailings', 'deploys'])
  expect(readMarkKinds(new URLSearchParams())).toEqual([])
})
