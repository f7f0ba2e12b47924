import { expect, it } from '@jest/globals'
import { KINDS } from './kinds.ts'
import { createTopology } from './subjects.ts'

it('has the public subjects where there is no prefix', () => {
  const topology = createTopology('')
  expect(KINDS.map(topology.subject)).toEqual(['metrics', 'logs', 'events.products', 'traces'])
  expect(KINDS.map(topology.stream)).toEqual(['metrics', 'logs', 'products', 'traces'])
  expect(KINDS.map(topology.durable)).toEqual([
    'metrics_consumer',
    'logs_consumer',
    'products_consumer',
    'traces_consumer',
  ])
  expect(topology.changes).toBe('runnel.changes')
  expect(topology.wake).toBe('runnel.wake')
  expect(topology.inbox('abc')).toBe('runnel.inbox.abc')
})

it('has the prefix before every name, and no dots in names of streams and durables', () => {
  const topology = createTopology('t-1')
  expect(KINDS.map(topology.subject)).toEqual([
    't-1.metrics',
    't-1.logs',
    't-1.events.products',
    't-1.traces',
  ])
  expect(topology.changes).toBe('t-1.runnel.changes')
  expect(topology.wake).toBe('t-1.runnel.wake')
  expect(topology.inbox('abc')).toBe('t-1.runnel.inbox.abc')
  for (const kind of KINDS) {
    expect(topology.stream(kind)).toBe(`t-1_${kind}`)
    expect(topology.durable(kind)).toBe(`t-1_${kind}_consumer`)
  }
})

it('gives two prefixes nothing in common', () => {
  const names = ['', 'a', 'b']
    .map(createTopology)
    .flatMap((topology) => [
      ...KINDS.flatMap((kind) => [topology.subject(kind), topology.stream(kind), topology.durable(kind)]),
      topology.changes,
      topology.wake,
      topology.inbox('x'),
    ])
  // `metrics`, `logs` and `traces` are both a subject and a stream where there is no prefix.
  expect(new Set(names).size).toBe(names.length - 3)
})
