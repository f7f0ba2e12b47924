import { describe, expect, it } from '@jest/globals'
import { readSyslog } from './read-syslog.ts'
import { createTimeZone } from './time-zone.ts'

const NOW = Date.UTC(2026, 10, 30, 12)
const UTC = createTimeZone('UTC')
const clock = { nowMs: () => NOW, zone: UTC }
/** As it travels: what is undefined is not there. */
const read = (text: string, at = clock) =>
  JSON.parse(JSON.stringify(readSyslog(text, '10.0.0.7', at))) as object

describe('RFC 5424', () => {
  it('has every part in its place', () => {
    expect(
      read(
        '<158>1 2026-11-30T11:59:59.123456+01:00 web-1 shop 4711 ORDER [timeQuality tzKnown="1" isSynced="1"][shop@32473 order="17" quote="a \\"b\\" \\] \\\\ \\x"] \ufeffnaïve 漢字 😀',
      ),
    ).toEqual({
      timestamp: '2026-11-30T11:59:59.123456+01:00',
      level: 'info',
      service: 'shop',
      message: 'naïve 漢字 😀',
      attributes: {
        facility: 19,
        severity: 6,
        hostname: 'web-1',
        procid: '4711',
        msgid: 'ORDER',
        structuredData: {
          timeQuality: { tzKnown: '1', isSynced: '1' },
          'shop@32473': { order: '17', quote: 'a "b" ] \\ \\x' },
        },
      },
    })
  })

  it('leaves out what is not known, and names the sender instead of the host', () => {
    expect(read('<0>1 - - - - - -')).toEqual({
      level: 'fatal',
      message: '',
      attributes: { facility: 0, severity: 0, address: '10.0.0.7' },
    })
  })

  it.each([
    ['<13>1 2026-11-30T12:00:00Z host app', { service: 'app', message: '' }],
    ['<13>1 2026-11-30T12:00:00Z host app 1 id no data at all', { message: 'no data at all' }],
    ['<13>1 2026-11-30T12:00:00Z host app 1 id [open a="1" text', { message: '[open a="1" text' }],
    ['<13>1 2026-11-30T12:00:00Z host app 1 id [a@1][b@1 x="', { message: '[b@1 x="' }],
    ['<13>1 2026-11-30T12:00:00Z host app 1 id - - dash', { message: '- dash' }],
  ])('keeps what is malformed as the message: %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  it('keeps parameters that come twice, and names that are those of objects', () => {
    const { attributes } = readSyslog(
      '<13>1 - h a - - [__proto__ a="1" a="2" a="3"][x b="1"][x b="2"] m',
      '',
      clock,
    )
    expect(JSON.stringify(attributes['structuredData'])).toBe(
      '{"__proto__":{"a":["1","2","3"]},"x":{"b":["1","2"]}}',
    )
  })

  it.each([
    [0, 'fatal'],
    [1, 'fatal'],
    [2, 'fatal'],
    [3, 'error'],
    [4, 'warn'],
    [5, 'info'],
    [6, 'info'],
    [7, 'debug'],
  ])('with the severity %i is %s', (severity, level) => {
    expect(read(`<${8 + severity}>1 - - - - - - m`)).toMatchObject({
      level,
      attributes: { facility: 1, severity },
    })
  })
})

describe('RFC 3164', () => {
  it('has every part in its place', () => {
    expect(read('<158>Nov 30 11:59:59 web-1 shop[4711]: "quoted" \\ [x]: y')).toEqual({
      timestamp: '2026-11-30T11:59:59Z',
      level: 'info',
      service: 'shop',
      message: '"quoted" \\ [x]: y',
      attributes: { facility: 19, severity: 6, hostname: 'web-1', procid: '4711' },
    })
  })

  it.each([
    ['<13>Nov 30 11:00:00 cron: no host', { service: 'cron', message: 'no host' }],
    [
      '<13>Nov 30 11:00:00 host only words here',
      { message: 'only words here', attributes: { hostname: 'host' } },
    ],
    [
      '<13>just text: with a colon',
      { message: 'just text: with a colon', attributes: { address: '10.0.0.7' } },
    ],
    ['<13>su[12]: from an old library', { service: 'su', message: 'from an old library' }],
    ['<13>', { message: '' }],
    ['no priority at all', { message: 'no priority at all', attributes: { address: '10.0.0.7' } }],
    ['<192>too large', { message: '<192>too large' }],
    ['<13>Nov 31 11:00:00 host a: no such day', { message: 'Nov 31 11:00:00 host a: no such day' }],
    ['<13>Nov 30 11:00:00', { timestamp: '2026-11-30T11:00:00Z', message: '' }],
    ['<13>2026-11-30T11:00:00.5+02:00 host a: b', { timestamp: '2026-11-30T11:00:00.5+02:00', service: 'a' }],
    ['Nov 30 11:00:00 host a: no priority', { timestamp: '2026-11-30T11:00:00Z', service: 'a' }],
  ])('may lack parts: %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  it('without a priority has no level', () => {
    expect(read('plain')).not.toHaveProperty('level')
  })

  it.each([
    ['Nov 30 11:59:59', '2026-11-30T11:59:59Z'],
    ['Dec  1 11:59:59', '2026-12-01T11:59:59Z'],
    ['Dec  1 12:00:01', '2025-12-01T12:00:01Z'],
    ['Jan  1 00:00:00', '2026-01-01T00:00:00Z'],
    ['Feb 29 00:00:00', '2024-02-29T00:00:00Z'],
    ['Nov  3 2020 11:00:00', '2020-11-03T11:00:00Z'],
    ['Nov  3 11:00:00 2020', '2020-11-03T11:00:00Z'],
    ['Nov  3 11:00:00.123456', '2026-11-03T11:00:00.123456Z'],
    ['Nov  3 11:00:00 +0200', '2026-11-03T09:00:00Z'],
    ['Nov  3 11:00:00 UTC', '2026-11-03T11:00:00Z'],
    ['*Nov  3 11:00:00', '2026-11-03T11:00:00Z'],
  ])('%s is the nearest past', (time, timestamp) => {
    expect(read(`<13>${time} host a[1]: m`)).toMatchObject({ timestamp, service: 'a', message: 'm' })
  })

  it('looks back over the turn of the year', () => {
    const january = { ...clock, nowMs: () => Date.UTC(2027, 0, 1, 0, 0, 5) }
    expect(read('<13>Dec 31 23:59:59 h a: m', january)).toMatchObject({ timestamp: '2026-12-31T23:59:59Z' })
    const december = { ...clock, nowMs: () => Date.UTC(2026, 11, 31, 23, 59) }
    expect(read('<13>Jan  1 00:00:01 h a: m', december)).toMatchObject({ timestamp: '2027-01-01T00:00:01Z' })
  })

  it.each([
    ['Nov 30 11:00:00', '2026-11-30T09:00:00Z'],
    ['Jul 30 11:00:00', '2026-07-30T08:00:00Z'],
    ['Nov 30 11:00:00 UTC', '2026-11-30T11:00:00Z'],
  ])('%s is of the zone of the setting, with its summer time', (time, timestamp) => {
    expect(read(`<13>${time} h a: m`, { ...clock, zone: createTimeZone('Europe/Kyiv') })).toMatchObject({
      timestamp,
    })
  })
})
