import { expect, test } from '@jest/globals'
import type { Client } from '../../api/clients.ts'
import { attributesChange, parseAttributes } from './attributes.ts'
import { clientValues, toInput, toPatch } from './client-form.ts'

const client: Client = {
  ...{ id: 1, phone: '79161234567', operatorCode: '916', tag: 'gold', timeZone: 'Europe/Moscow' },
  ...{ email: 'anna@example.com', webhookUrl: null, attributes: { name: 'Anna', order: 7 } },
  ...{ optedOut: false, optedOutAt: null, createdAt: '', updatedAt: '' },
}

test('a new client is asked for in full, its operator by its number', () => {
  const values = { ...clientValues(undefined, 'Europe/Berlin'), phone: ' +49 151 1 ', tag: 'a' }
  expect(toInput(values)).toEqual({
    phone: '+49 151 1',
    operatorCode: null,
    tag: 'a',
    timeZone: 'Europe/Berlin',
    email: null,
    webhookUrl: null,
    optedOut: false,
  })
})

test('of a client that there is, only what has changed is asked for', () => {
  const values = clientValues(client, 'UTC')
  expect(toPatch(values, client)).toEqual({})
  expect(toPatch({ ...values, tag: '', operatorCode: '' }, client)).toEqual({ tag: '', operatorCode: null })
  expect(toPatch({ ...values, email: ' ', webhookUrl: 'https://a.example ' }, client)).toEqual({
    email: null,
    webhookUrl: 'https://a.example',
  })
  expect(toPatch({ ...values, attributes: '{"name":"Vera"}' }, client)).toEqual({
    attributes: { name: 'Vera', order: null },
  })
})

test('attributes are a JSON object, or nothing', () => {
  expect(parseAttributes('  ')).toEqual({})
  expect(parseAttributes('{"a":1}')).toEqual({ a: 1 })
  expect(parseAttributes('[1]')).toBeUndefined()
  expect(parseAttributes('{a:1}')).toBeUndefined()
  expect(attributesChange({ a: { b: 1 } }, { a: { b: 1 } })).toBeUndefined()
  expect(attributesChange({ a: 1 }, { constructor: 1 })).toEqual({ a: null, constructor: 1 })
})
