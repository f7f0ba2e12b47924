import { expect, test } from '@jest/globals'
import { parseExposition } from './parse-exposition.ts'

const NAMES = new Set(['up', 'lag_seconds'])
const parse = (text: string) => parseExposition(text, NAMES)

test('values come with their names and labels, and nothing else does', () => {
  const text = [
    '# HELP up Whether it is',
    '# TYPE up gauge',
    'up 1',
    'other_total{a="b"} 3',
    'lag_seconds{kind="logs",app="consumer"} 0.25 1700000000000',
    'lag_seconds{kind="metrics"} 1e-3\r',
  ].join('\n')
  expect(parse(text)).toEqual([
    { name: 'up', labels: {}, value: 1 },
    { name: 'lag_seconds', labels: { kind: 'logs', app: 'consumer' }, value: 0.25 },
    { name: 'lag_seconds', labels: { kind: 'metrics' }, value: 0.001 },
  ])
})

test('without names, every finite value is read', () => {
  expect(parseExposition('# TYPE up gauge\nup 1\nother_total 2\nlag NaN').map(({ name }) => name)).toEqual([
    'up',
    'other_total',
  ])
})

test('escapes in labels are read back', () => {
  expect(parse('up{a="x\\"y\\\\z\\n}"} 2')[0]!.labels).toEqual({ a: 'x"y\\z\n}' })
})

test.each(['', 'up', 'up NaN', 'up +Inf', 'up{a=b 1 2 3', '{} 1', 'up x', '<html>', 'up{', '\0'])(
  '%j holds no value that counts',
  (text) => {
    expect(parse(text)).toEqual([])
  },
)

test('lines are separated however they end, blank and short ones among them', () => {
  expect(parse('\n\nup 1\r\n\r\n \nup\nup 2').map(({ value }) => value)).toEqual([1, 2])
  expect(parse('up 3\n')).toHaveLength(1)
})

test('a text without end yields only at most 2,000 values', () => {
  expect(parse('up 1\n'.repeat(10_000))).toHaveLength(2000)
})

test('a label cannot touch the prototype', () => {
  const [sample] = parse('up{__proto__="x"} 1')
  expect(Object.getPrototypeOf(sample!.labels)).toBeNull()
})
