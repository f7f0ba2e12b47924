import { expect, test } from '@jest/globals'
import type { Mailing } from '../../api/mailings.ts'
import { toWallInput } from '../../format/zone.ts'
import { checkForm } from './check-form.ts'
import { copyForm, emptyForm, formOf, toEdit, toInput } from './form-values.ts'

const nowMs = Date.parse('2026-01-31T08:30:15.250Z')

const mailing: Mailing = {
  ...{ id: 7, name: 'Sale', status: 'running', text: 'Hello {{ phone }}', version: 3, messageCount: 10 },
  channel: 'gateway',
  subject: null,
  start: '2026-01-31T08:00:12.345Z',
  end: '2026-02-01T08:00:12.345Z',
  filter: { operatorCodes: ['916'], tags: ['gold', ''], received: [], notReceived: [3] },
  window: { from: '21:00', to: '06:00' },
  ratePerSecond: 20,
  materialised: true,
  createdAt: '2026-01-31T08:00:12.345Z',
  updatedAt: '2026-01-31T08:00:12.345Z',
  ...{
    startedAt: '2026-01-31T08:00:12.400Z',
    finishedAt: null,
    settledAt: null,
    testOf: null,
    restReason: null,
    approval: null,
  },
}

test('an empty form asks for a start at once, for all clients, all day, without a limit', () => {
  const input = toInput({ ...emptyForm(nowMs), text: 'Hi', name: ' Sale ' }, false)
  expect(input).toEqual({
    name: 'Sale',
    channel: 'gateway',
    subject: null,
    text: 'Hi',
    end: '2026-02-01T09:30:00.000Z',
    filter: { operatorCodes: [], tags: [], received: [], notReceived: [] },
    window: null,
    ratePerSecond: null,
  })
})

test('a draft that starts later says so', () => {
  const values = { ...emptyForm(nowMs), text: 'Hi', startsLater: true, rate: '5', hasWindow: true }
  expect(toInput(values, true)).toMatchObject({
    draft: true,
    start: '2026-01-31T09:30:00.000Z',
    ratePerSecond: 5,
    window: { from: '09:00', to: '21:00' },
  })
})

test('an edit holds what a person changed, and nothing else', () => {
  const before = formOf(mailing)
  expect(toEdit(before, before)).toEqual({})
  const later = toWallInput(Date.parse('2026-02-02T10:00:00Z'))
  expect(toEdit({ ...before, end: later, hasWindow: false }, before)).toEqual({
    end: '2026-02-02T10:00:00.000Z',
    window: null,
  })
  expect(toEdit({ ...before, tags: ['gold'] }, before)).toEqual({
    filter: { operatorCodes: ['916'], tags: ['gold'], received: [], notReceived: [3] },
  })
})

test('a copy starts anew', () => {
  const copy = copyForm(mailing, nowMs)
  expect(copy).toMatchObject({ name: 'Sale (copy)', startsLater: false, tags: ['gold', ''], rate: '20' })
  expect(toInput(copy, false).filter).toEqual(mailing.filter)
  expect(checkForm(copy, nowMs)).toEqual({})
})

test('what is wrong with a form is reported by field', () => {
  const values = {
    ...emptyForm(nowMs),
    startsLater: true,
    start: '',
    end: '2020-01-01T00:00',
    hasWindow: true,
    from: '10:00',
    to: '10:00',
    rate: '0',
  }
  expect(Object.keys(checkForm(values, nowMs))).toEqual(['/text', '/start', '/window', '/ratePerSecond'])
  expect(checkForm({ ...values, startsLater: false }, nowMs)['/end']).toMatch('after the start')
  const codes = { ...emptyForm(nowMs), text: 'a', operatorCodes: ['916', 'a b'] }
  expect(checkForm(codes, nowMs)).toHaveProperty(['/filter/operatorCodes'])
  const ids = { ...emptyForm(nowMs), text: 'a', notReceived: ['7', '1.5'] }
  expect(checkForm(ids, nowMs)).toHaveProperty(['/filter/notReceived'])
  expect(checkForm({ ...emptyForm(nowMs), text: 'a', rate: '1.5' }, nowMs)).toHaveProperty(['/ratePerSecond'])
})

test('a subject belongs to e-mails alone', () => {
  const values = { ...emptyForm(nowMs), text: 'Hi', subject: 'News' }
  expect(toInput(values, false)).toMatchObject({ channel: 'gateway', subject: null })
  const email = { ...values, channel: 'email' as const }
  expect(toInput(email, false)).toMatchObject({ channel: 'email', subject: 'News' })
  expect(toEdit(email, values)).toEqual({ channel: 'email', subject: 'News' })
})
