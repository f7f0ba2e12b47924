import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ESCAPED_NAMES } from './label-names.ts'

it.each([
  ['http_requests_total', 'http_requests_total'],
  ['job:rate:5m', 'job:rate:5m'],
  ['http.server.duration', 'U__http_2e_server_2e_duration'],
  ['Köln_😀', 'U__K_f6_ln___1f600_'],
  ['1x', 'U__1x'],
  ['U__x', 'U__U____x'],
])('the name %s is escaped as %s', (name, escaped) => {
  expect(ESCAPED_NAMES.metric(name)).toBe(escaped)
})

it('a colon is a name of metrics alone', () => {
  expect(ESCAPED_NAMES.label('a:b')).toBe('U__a_3a_b')
})

it('every name comes back from a name that every Prometheus takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = text.toWellFormed()
      for (const escaped of [ESCAPED_NAMES.metric(name), ESCAPED_NAMES.label(name)]) {
        expect(escaped).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
        expect(ESCAPED_NAMES.original(escaped)).toBe(name)
      }
    }),
  )
})
