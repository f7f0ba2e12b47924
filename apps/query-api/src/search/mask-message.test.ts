import { describe, expect, it } from '@jest/globals'
import { fixedParts, maskMessage } from './mask-message.ts'
import { queryOfPattern } from './query-of-pattern.ts'

describe('a message becomes its pattern', () => {
  it.each([
    ['Order 1001 took 7 ms for "user 7"', 'Order <num> took <num> ms for <text>'],
    ['took 12.5ms, was -3, now [4] of 1,234', 'took <num>ms, was <num>, now [<num>] of <num>'],
    ['x=1e-9 retry=3/5', 'x=<num> retry=<num>/<num>'],
    ['at 2026-03-01T12:00:00.123Z and 2026-03-01 12:00:00,5+01:00', 'at <time> and <time>'],
    ['since 12:00:01.5, on 2026-03-01', 'since <time>, on <time>'],
    ['job 0190a3b4-1111-7abc-8def-0123456789ab done', 'job <uuid> done'],
    ['from 10.0.0.12:8080 to ::1', 'from <ip> to ::<num>'],
    ['from 2001:db8::ff00:42:8329 port', 'from <ip> port'],
    ['mail to ann.b@mail.example.org failed', 'mail to <email> failed'],
    ["can't read 'a b' or \"\" now", "can't read <text> or <text> now"],
    ['commit deadbeef01 at 0x7FFE', 'commit <hex> at <hex>'],
    ['the facade of decades', 'the facade of decades'],
    ['customer cus_Nf8r1GPsW8gHw', 'customer cus_<id>'],
    ['worker-12 of utf8', 'worker-<num> of utf<num>'],
    ['GET /api/orders/42?page=2 200', 'GET /api/orders/<num>?page=<num> <num>'],
    ['  \n first line  \r\n  at x.js:1', 'first line'],
    ['', ''],
    ['ü 5 €', 'ü <num> €'],
  ])('%p', (message, pattern) => expect(maskMessage(message)).toBe(pattern))

  it('of long ones the beginning counts', () => {
    const pattern = maskMessage(`start ${'x'.repeat(1000)}1`)
    expect(pattern).toBe(`start ${'x'.repeat(394)}…`)
    expect(fixedParts(pattern)).toEqual([`start ${'x'.repeat(394)}`])
  })

  it.each(['"', "'", 'a@', 'a.', '1:', '1.', 'a1', 'aa:', '0x', '-', '1,'])(
    'in a time that grows with its length alone: %p again and again',
    (piece) => expect(() => maskMessage(piece.repeat(200))).not.toThrow(),
  )
})

it.each([
  ['Order <num> took <num> ms', String.raw`message:Order\ *\ took\ *\ ms`],
  ['<time> (a*b) "c\\d" <text>', String.raw`message:*\ \(a\*b\)\ \"c\\d\"\ *`],
  ['/api/<num>', String.raw`message:\/api/*`],
  ['plain "text"', String.raw`message:"plain \"text\""`],
  ['<num> <num>', undefined],
  ['', undefined],
])('a query finds entries of the pattern %p', (pattern, query) => expect(queryOfPattern(pattern)).toBe(query))
