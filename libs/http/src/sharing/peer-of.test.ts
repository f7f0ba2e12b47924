import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { IncomingHttpHeaders } from 'node:http'
import { createAddressOf, createPeerOf } from './peer-of.ts'

const addressOf = createAddressOf(['10.0.0.0/8', '127.0.0.1', '2001:db8:1::/48'])
const of = (remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}) =>
  addressOf({ headers, socket: { remoteAddress } })

describe('the address of a client', () => {
  it.each<[string, string | undefined, IncomingHttpHeaders, string]>([
    ['is that of the connection', '192.0.2.1', {}, '192.0.2.1'],
    ['is not what a client itself writes', '192.0.2.1', { 'x-forwarded-for': '198.51.100.7' }, '192.0.2.1'],
    ['is what a trusted proxy names', '10.1.2.3', { 'x-forwarded-for': '198.51.100.7' }, '198.51.100.7'],
    [
      'is read as IPv4 on a socket for both',
      '::ffff:10.1.2.3',
      { 'x-forwarded-for': '192.0.2.9' },
      '192.0.2.9',
    ],
    [
      'is the first from the right that is no proxy',
      '10.1.2.3',
      { 'x-forwarded-for': '1.1.1.1, 198.51.100.7, 127.0.0.1,10.9.9.9' },
      '198.51.100.7',
    ],
    [
      'is the farthest proxy where all are trusted',
      '10.1.2.3',
      { 'x-forwarded-for': '10.3.3.3, 10.2.2.2' },
      '10.3.3.3',
    ],
    [
      'ends at what is no address',
      '10.1.2.3',
      { 'x-forwarded-for': '1.1.1.1, unknown, 10.2.2.2' },
      '10.2.2.2',
    ],
    ['has no port', '10.1.2.3', { 'x-forwarded-for': '198.51.100.7:4711' }, '198.51.100.7'],
    [
      'is found in Forwarded',
      '10.1.2.3',
      { forwarded: 'for=1.1.1.1, for=198.51.100.7;proto=https' },
      '198.51.100.7',
    ],
    ['may be IPv6', '10.1.2.3', { forwarded: 'by=x;For="[2001:db8:2::17]:4711"' }, '2001:db8:2::17'],
    ['may be hidden', '10.1.2.3', { forwarded: 'for=_hidden' }, '10.1.2.3'],
    [
      'is not believed where a client adds the header that its proxy does not write',
      '10.1.2.3',
      { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=203.0.113.5' },
      '10.1.2.3',
    ],
    ['is empty without a connection', undefined, {}, ''],
  ])('%s', (_title, remote, headers, expected) => {
    expect(of(remote, headers)).toBe(expected)
  })

  it('cannot be moved by anything that stands before what the proxy appended', () => {
    const garbage = fc.string({ unit: fc.constantFrom(...'0123456789.,:[]" abcf') })
    fc.assert(
      fc.property(garbage, (before) => {
        expect(of('10.0.0.1', { 'x-forwarded-for': `${before}, 198.51.100.7` })).toBe('198.51.100.7')
      }),
    )
  })
})

it.each([
  ['2001:db8:2:3:4:5:6:7', '2001:db8:2:3::/64'],
  ['2001:db8:2:3::9', '2001:db8:2:3::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['192.0.2.1', '192.0.2.1'],
])('the peer of %s is %s', (address, peer) => {
  expect(createPeerOf(() => address)({ headers: {}, socket: {} })).toBe(peer)
})
