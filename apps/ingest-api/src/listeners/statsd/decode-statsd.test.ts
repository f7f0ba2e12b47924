import { describe, expect, it } from '@jest/globals'
import { createTestLimits } from '../../../test/listeners/test-limits.ts'
import { decodeStatsd } from './decode-statsd.ts'

const limits = createTestLimits()
const decode = (text: string | Buffer) =>
  decodeStatsd(Buffer.from(text as string), limits).map((item) =>
    'text' in item
      ? { kind: item.kind, ...(JSON.parse(item.text) as object) }
      : { refused: item.code, kind: item.kind },
  )
const data = (text: string) => decode(text).map((row) => (row as unknown as { data: unknown }).data)

describe('a line of statsd', () => {
  it.each([
    ['requests:3|c', { name: 'requests', value: 3, kind: 'sum', temporality: 'delta', monotonic: false }],
    ['requests:3|c|@0.1', { value: 30, sampleRate: 0.1 }],
    ['requests:-1|c', { value: -1 }],
    ['temperature:-2.5|g', { value: -2.5, kind: 'gauge', signed: true }],
    ['temperature:+3|g', { value: 3, signed: true }],
    ['duration:120|ms|@0.5', { value: 120, kind: 'timer', unit: 'ms', sampleRate: 0.5 }],
    ['size:.5|h', { value: 0.5, kind: 'sample' }],
    [
      'size:7|d|#service:shop,path:/a:b,bare',
      { value: 7, tags: { service: 'shop', path: '/a:b', bare: '' } },
    ],
    ['size:7|d|#a:1,a:2', { tags: { a: '1,2' } }],
    ['users:alice|s', { name: 'users', member: 'alice', kind: 'set' }],
    ['a:1|g|T1795953600|c:in-1|e:x|card:low', { timestamp: 1795953600, container: 'in-1' }],
    ['a;host=web;zone=1:1|c', { name: 'a', tags: { host: 'web', zone: '1' } }],
    ['a,host=web:1|c', { name: 'a', tags: { host: 'web' } }],
    ['a,b:1|c', { name: 'a,b', tags: {} }],
    ['a:9007199254740993|g', { value: 9007199254740992, exact: '9007199254740993' }],
  ])('%s is a metric', (line, expected) => {
    expect(data(line)).toEqual([expect.objectContaining(expected)])
  })

  it('of a set has no value: members are not numbers to add up', () => {
    expect(data('users:17|s')[0]).not.toHaveProperty('value')
  })

  it('with several values is as many metrics', () => {
    expect(data('size:1:2:3|ms|#a:b')).toEqual(
      [1, 2, 3].map((value) => expect.objectContaining({ value, tags: { a: 'b' } })),
    )
  })

  it.each([
    'x',
    'x:1',
    ':1|c',
    'x:|c',
    'x:1e999|g',
    'x:NaN|g',
    'x:0x1|c',
    'x:1|q',
    'x:1|c|@0',
    'x:1|c|@2',
    '|||',
  ])('%s is refused, and its neighbours are not', (line) => {
    expect(decode(`a:1|c\n${line}\nb:2|c\r\n\n`)).toEqual([
      expect.objectContaining({ kind: 'metrics' }),
      { refused: 'invalid_field', kind: 'metrics' },
      expect.objectContaining({ kind: 'metrics' }),
    ])
  })

  it('that is damaged costs itself alone', () => {
    const damaged = Buffer.concat([Buffer.from('a:1|c\nb'), Buffer.from([0xff]), Buffer.from(':1|c\nc:1|c')])
    expect(decode(damaged).map((row) => ('refused' in row ? row.refused : 'kept'))).toEqual([
      ...['kept', 'bad_encoding', 'kept'],
    ])
  })

  it('does not become many times as much as it was', () => {
    expect(decode(`a:${Array(1001).fill(1).join(':')}|c`)).toEqual([
      { refused: 'invalid_field', kind: 'metrics' },
    ])
    // Long ones, and those that are longer as JSON.
    for (const tag of ['x'.repeat(1200), '\u0001'.repeat(200)])
      expect(decode(`a:${Array(900).fill(1).join(':')}|c|#${tag}`)).toEqual([
        { refused: 'invalid_field', kind: 'metrics' },
      ])
    expect(decode(`a:${Array(1000).fill(1).join(':')}|c|#${'x'.repeat(400)}`)).toHaveLength(1000)
  })
})

describe('what DogStatsD has beside metrics', () => {
  it('an event is a log', () => {
    const title = 'naïve 😀'
    const text = 'first\\nsecond|third'
    const line = `_e{${Buffer.byteLength(title)},${Buffer.byteLength(text)}}:${title}|${text}|d:1795953600|h:web-1|k:key|p:low|s:shop|t:warning|#service:shop,env:a`
    expect(decode(line)).toEqual([
      {
        kind: 'logs',
        timestamp: 1795953600,
        level: 'warn',
        service: 'shop',
        message: title,
        attributes: {
          ...{ service: 'shop', env: 'a', hostname: 'web-1', aggregationKey: 'key', priority: 'low' },
          ...{ sourceType: 'shop', alertType: 'warning', text: 'first\nsecond|third' },
        },
      },
    ])
  })

  it('a service check is a log', () => {
    expect(decode('_sc|db.up|2|d:1795953600|h:web-1|#a:b|m:it is|down')).toEqual([
      {
        ...{ kind: 'logs', timestamp: 1795953600, level: 'error', message: 'it is|down' },
        attributes: { a: 'b', hostname: 'web-1', check: 'db.up', status: 2 },
      },
    ])
  })

  it.each(['_e{5,4}:title|text', '_e{99,4}:title|text', '_e{x}:a|b', '_e{', '_sc|a', '_sc||0', '_sc|a|9'])(
    '%s is an event or refused, and throws nothing',
    (line) => {
      expect(decode(line)).toHaveLength(1)
      expect(decode(line)[0]).toMatchObject({ kind: 'logs' })
    },
  )
})
