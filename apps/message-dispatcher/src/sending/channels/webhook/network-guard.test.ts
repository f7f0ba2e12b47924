import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createNetworkGuard } from './network-guard.ts'

const isOpen = createNetworkGuard([])

/** @returns the first and the last address of a network of IPv4, and one between them */
const insideOf = (first: string, bits: number) =>
  fc.nat({ max: 2 ** (32 - bits) - 1 }).map((offset) => {
    const number = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + offset
    return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
  })

describe('addresses of webhooks', () => {
  it.each([
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['169.254.0.0', 16],
    ['100.64.0.0', 10],
    ['0.0.0.0', 8],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ])('are closed within %s/%i, in any form of IPv6 too', (first, bits) => {
    fc.assert(
      fc.property(insideOf(first, bits), (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
        const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`
        for (const form of [
          address,
          `::ffff:${address}`,
          `::ffff:${groups}`,
          `::${address}`,
          `64:ff9b::${groups}`,
          `2002:${groups}::1`,
        ])
          expect([form, isOpen(form)]).toEqual([form, false])
      }),
    )
  })

  it.each([
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001:db8::1',
    'localhost',
    '',
  ])('are closed: %s', (address) => expect(isOpen(address)).toBe(false))

  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2a00:1450:4001:81b::200e',
    '::ffff:8.8.8.8',
  ])('are open: %s', (address) => expect(isOpen(address)).toBe(true))

  it('are open within the networks that a setting names, and nowhere else', () => {
    const guard = createNetworkGuard(['10.1.0.0/16', '::1', '127.0.0.1'])
    expect(['10.1.2.3', '::ffff:10.1.2.3', '::1', '127.0.0.1'].map(guard)).toEqual([true, true, true, true])
    expect(['10.2.0.1', '127.0.0.2', 'fe80::1', '8.8.8.8'].map(guard)).toEqual([false, false, false, true])
  })
})
